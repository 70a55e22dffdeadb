import { serviceNamespace } from "../../../config/derive";
import { environments, type Environment } from "../../../config/environment";
import type { Check, Cluster } from "../context";
import { type Finding, invalid, ok, reasonOf } from "../finding";

/** What tells to whom a cluster already belongs. */
export interface ClusterMarks {
  readonly cluster: string;
  readonly key: string;
  /** Differs between any two clusters, whatever their addresses. */
  readonly uid: string;
  /** Environments whose service namespace exists there. */
  readonly namespaces: readonly Environment[];
  /** Value of the label `environment` of each cluster that an Argo CD there has registered. */
  readonly registered: readonly { readonly cluster: string; readonly environment: string }[];
}

function foreignMark(environment: Environment, marks: ClusterMarks): string | undefined {
  const namespace = marks.namespaces.find((name) => name !== environment);
  if (namespace)
    return `holds the namespace ${serviceNamespace(namespace)}, so that it is a cluster of ${namespace}`;
  const other = marks.registered.find((entry) => entry.environment !== environment);
  return (
    other &&
    `runs an Argo CD that has registered ${other.cluster} for ${other.environment || "no environment"}`
  );
}

/** Refuses a cluster that is another environment's, or that the stack names twice. */
export function judgeEnvironment(environment: Environment, clusters: readonly ClusterMarks[]): Finding[] {
  return clusters.map((marks, index) => {
    const { cluster, key, uid } = marks;
    const twin = clusters.slice(0, index).find((other) => other.uid === uid);
    if (twin) {
      return invalid(
        cluster,
        `is the same cluster as ${twin.cluster}`,
        `store the kubeconfig of ${cluster} under ${key}`,
      );
    }
    const foreign = foreignMark(environment, marks);
    return foreign
      ? invalid(cluster, foreign, `store the kubeconfig of a cluster of ${environment} under ${key}`)
      : ok(
          cluster,
          marks.namespaces.length > 0 ? `is a cluster of ${environment}` : "belongs to no environment yet",
        );
  });
}

async function readMarks({ name, key, api }: Cluster): Promise<ClusterMarks> {
  const system = await api.read("/api/v1/namespaces/kube-system");
  const { uid } = (system?.["metadata"] ?? {}) as { uid?: unknown };
  if (typeof uid !== "string") throw new Error("has no namespace kube-system");
  const present = await Promise.all(
    environments.map(async (environment) => ({
      environment,
      found: await api.read(`/api/v1/namespaces/${serviceNamespace(environment)}`),
    })),
  );
  const selector = encodeURIComponent("argocd.argoproj.io/secret-type=cluster");
  const secrets = await api.list(`/api/v1/namespaces/argocd/secrets?labelSelector=${selector}`);
  return {
    cluster: name,
    key,
    uid,
    namespaces: present.filter(({ found }) => found).map(({ environment }) => environment),
    registered: secrets.map((secret) => {
      const metadata = secret["metadata"] as { name?: string; labels?: Record<string, string> };
      return { cluster: metadata.name ?? "", environment: metadata.labels?.["environment"] ?? "" };
    }),
  };
}

/** A kubeconfig of the wrong environment would turn its cluster into one of this. */
export const clusterEnvironmentCheck: Check = {
  name: "cluster-environment",
  run: async ({ environment, clusters }) => {
    const unreadable: Finding[] = [];
    const marks = await Promise.all(
      clusters.map(async (cluster) => {
        try {
          return [await readMarks(cluster)];
        } catch (error) {
          const fix = "let these credentials read namespaces and the Secrets of argocd";
          unreadable.push(invalid(cluster.name, `cannot be told from others: ${reasonOf(error)}`, fix));
          return [];
        }
      }),
    );
    return [...judgeEnvironment(environment, marks.flat()), ...unreadable];
  },
};
