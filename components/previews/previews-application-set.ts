import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GitSource } from "../argo-cd/git-source";
import { inClusterServer } from "../argo-cd/platform-projects";

/** Whose pull requests are meant. */
export interface PullRequests {
  readonly owner: string;
  readonly repository: string;
  /** Address of the API; omitted, github.com's. */
  readonly api?: string | undefined;
  /** A pull request is previewed while it bears this label. */
  readonly label: string;
}

/** A Secret of Argo CD's namespace that holds a GitHub token. */
export interface TokenReference {
  readonly secretName: pulumi.Input<string>;
  readonly key: string;
}

export interface PreviewsApplicationSetArgs {
  readonly namespace: pulumi.Input<string>;
  readonly project: pulumi.Input<string>;
  readonly git: GitSource;
  readonly pullRequests: PullRequests;
  readonly token: TokenReference;
  /** Folder of the overlays that a preview runs. */
  readonly environment: string;
  /** What the names of the namespaces begin with; their numbers follow. */
  readonly namespacePrefix: string;
  /** How many namespaces there are. */
  readonly namespaces: number;
}

/** How often GitHub is asked, in seconds. */
const interval = 180;

/**
 * Every service of the environment, as the head of each labelled pull request has it, in the namespace that the pull
 * request's number falls to.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Pull-Request/
 */
export function renderPreviewsApplicationSetSpec(args: Omit<PreviewsApplicationSetArgs, "namespace">) {
  const { owner, repository, api, label } = args.pullRequests;
  const namespace = `${args.namespacePrefix}{{mod (int .number) ${args.namespaces}}}`;
  return {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    generators: [
      {
        matrix: {
          generators: [
            {
              pullRequest: {
                github: { owner, repo: repository, api, labels: [label], tokenRef: args.token },
                requeueAfterSeconds: interval,
              },
            },
            {
              git: {
                repoURL: args.git.url,
                revision: "{{.head_sha}}",
                directories: [{ path: `infrastructure/k8s/overlays/${args.environment}/*` }],
              },
            },
          ],
        },
      },
    ],
    template: {
      metadata: {
        name: "{{.path.basename}}-pr-{{.number}}",
        labels: { service: "{{.path.basename}}", "pull-request": "{{.number}}" },
        // The API server itself says what would change: fields that a CRD defaults are no difference.
        annotations: { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" },
      },
      spec: {
        project: args.project,
        source: {
          repoURL: args.git.url,
          targetRevision: "{{.head_sha}}",
          path: "{{.path.path}}",
          // The overlay names the environment's own namespace.
          kustomize: { namespace },
        },
        destination: { server: inClusterServer, namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          // Two pull requests whose numbers fall to one namespace must not take each other's objects.
          syncOptions: ["ServerSideApply=true", "FailOnSharedResource=true"],
          retry: { limit: 3, backoff: { duration: "10s", factor: 2, maxDuration: "3m" } },
        },
      },
    },
  };
}

/** Delivers pull requests, as long as they are open and labelled. */
export class PreviewsApplicationSet extends pulumi.ComponentResource {
  constructor(name: string, args: PreviewsApplicationSetArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:previews:PreviewsApplicationSet", name, {}, opts);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: { name: "previews", namespace: args.namespace },
        spec: renderPreviewsApplicationSetSpec(args),
      },
      { parent: this, customTimeouts: { delete: "10m" } },
    );
    this.registerOutputs({});
  }
}
