import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GitSource } from "./git-source";

export interface ServicesApplicationSetArgs {
  readonly namespace: pulumi.Input<string>;
  readonly project: pulumi.Input<string>;
  readonly git: GitSource;
  /** Label of the clusters and folder of the overlays. */
  readonly environment: string;
  /** Namespace of the services on every cluster. */
  readonly serviceNamespace: string;
  /** Keep Applications and workloads when a folder, a cluster or this object is removed by mistake. */
  readonly preserve: boolean;
  /** Names of clusters in the order in which they are updated; Argo CD switches automated sync off for it. */
  readonly rolloutOrder?: readonly string[] | undefined;
}

/** What it costs is written in docs/decisions/0005. */
function rollingSync(clusters: readonly string[]) {
  return {
    type: "RollingSync",
    rollingSync: {
      steps: clusters.map((cluster) => ({
        matchExpressions: [{ key: "cluster", operator: "In", values: [cluster] }],
      })),
    },
  };
}

/**
 * One Application per service and cluster. Git comes first in the matrix: the second generator runs once per result of
 * the first, and there are more clusters' lookups to save than folders'.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/
 */
export function renderServicesApplicationSetSpec(args: Omit<ServicesApplicationSetArgs, "namespace">) {
  return {
    goTemplate: true,
    goTemplateOptions: ["missingkey=error"],
    generators: [
      {
        matrix: {
          generators: [
            {
              git: {
                repoURL: args.git.url,
                revision: args.git.revision,
                directories: [{ path: `infrastructure/k8s/overlays/${args.environment}/*` }],
              },
            },
            {
              clusters: {
                selector: {
                  matchLabels: {
                    "argocd.argoproj.io/secret-type": "cluster",
                    environment: args.environment,
                  },
                },
              },
            },
          ],
        },
      },
    ],
    template: {
      metadata: {
        name: "{{.path.basename}}-{{.nameNormalized}}",
        labels: {
          service: "{{.path.basename}}",
          cluster: "{{.nameNormalized}}",
          environment: args.environment,
        },
        annotations: {
          // The API server itself says what would change: fields that a CRD defaults are no difference.
          "argocd.argoproj.io/compare-options": "ServerSideDiff=true",
          "argocd.argoproj.io/manifest-generate-paths": ".;/infrastructure/k8s/base",
        },
      },
      spec: {
        project: args.project,
        source: { repoURL: args.git.url, targetRevision: args.git.revision, path: "{{.path.path}}" },
        destination: { server: "{{.server}}", namespace: args.serviceNamespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: [
            "ServerSideApply=true",
            "RespectIgnoreDifferences=true",
            "PruneLast=true",
            "FailOnSharedResource=true",
          ],
          retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
        },
        revisionHistoryLimit: 10,
      },
    },
    syncPolicy: {
      applicationsSync: args.preserve ? "create-update" : "sync",
      preserveResourcesOnDeletion: args.preserve,
    },
    preservedFields: { annotations: ["gitops-platform/freeze"] },
    // An emergency rollback holds automated sync back in this field (docs/decisions/0020), and so does the controller of a
    // progressive rollout, which could not if it ignored it.
    ignoreApplicationDifferences: args.rolloutOrder
      ? undefined
      : [{ jsonPointers: ["/spec/syncPolicy/automated/enabled"] }],
    ...(args.rolloutOrder && { strategy: rollingSync(args.rolloutOrder) }),
  };
}

/** Delivers every service of the environment to every cluster of the environment. */
export class ServicesApplicationSet extends pulumi.ComponentResource {
  constructor(name: string, args: ServicesApplicationSetArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:ServicesApplicationSet", name, {}, opts);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: {
          name: "services",
          namespace: args.namespace,
          // Deleting the set in the foreground would take the Applications, and with them the workloads, along.
          ...(args.preserve && { annotations: { "pulumi.com/deletionPropagationPolicy": "orphan" } }),
        },
        spec: renderServicesApplicationSetSpec(args),
      },
      { parent: this, protect: args.preserve, customTimeouts: { delete: "10m" } },
    );
    this.registerOutputs({});
  }
}
