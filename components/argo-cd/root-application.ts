import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GitSource } from "./git-source";
import { inClusterServer } from "./platform-projects";

export interface RootApplicationArgs {
  readonly namespace: pulumi.Input<string>;
  /** The project that may only make Applications. */
  readonly project: pulumi.Input<string>;
  readonly git: GitSource;
  /** Names the folder below infrastructure/argocd. */
  readonly environment: string;
}

/** Manifests cannot know from which copy of the repository they are delivered, so each Application is told here. */
function pointAtSource({ url, revision }: GitSource): string {
  return JSON.stringify([
    { op: "replace", path: "/spec/source/repoURL", value: url },
    { op: "replace", path: "/spec/source/targetRevision", value: revision },
  ]);
}

export function renderRootApplicationSpec(args: Omit<RootApplicationArgs, "namespace">) {
  return {
    project: args.project,
    source: {
      repoURL: args.git.url,
      targetRevision: args.git.revision,
      path: `infrastructure/argocd/${args.environment}`,
      kustomize: { patches: [{ target: { kind: "Application" }, patch: pointAtSource(args.git) }] },
    },
    destination: { server: inClusterServer, namespace: "argocd" },
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      syncOptions: ["ServerSideApply=true", "FailOnSharedResource=true"],
      retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
    },
  };
}

/** The one Application that Pulumi seeds; it delivers the platform team's own Applications from git. */
export class RootApplication extends pulumi.ComponentResource {
  constructor(name: string, args: RootApplicationArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:RootApplication", name, {}, opts);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: {
          name: "root",
          namespace: args.namespace,
          // Its Applications go with it, while the controller that removes what they made still runs.
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
        spec: renderRootApplicationSpec(args),
      },
      { parent: this, customTimeouts: { delete: "5m" } },
    );
    this.registerOutputs({});
  }
}
