import type { ResolvedConfig } from "../../../config/clusters";
import { type Cluster, perCluster } from "../context";
import { failed, type Finding, ok } from "../finding";

/** An API version that the stack writes and does not install itself, with what asks for it. */
interface NeededApi {
  readonly version: string;
  readonly reason: string;
}

const kubernetesApis = [
  "apiextensions.k8s.io/v1",
  "admissionregistration.k8s.io/v1",
  "apps/v1",
  "authentication.k8s.io/v1",
  "batch/v1",
  "networking.k8s.io/v1",
  "policy/v1",
  "rbac.authorization.k8s.io/v1",
].map((version) => ({ version, reason: "Kubernetes itself serves it" }));

/** What a cluster must serve before the first object is written. */
export function neededApis(config: ResolvedConfig, role: Cluster["role"]): NeededApi[] {
  return [
    ...kubernetesApis,
    ...(config.metrics
      ? [
          {
            version: "monitoring.coreos.com/v1",
            reason: "`metrics` is set; install the Prometheus operator's CRDs",
          },
        ]
      : []),
    ...(role === "hub" && config.argocd.exposure.kind === "gateway"
      ? [
          {
            version: "gateway.networking.k8s.io/v1",
            reason: "`argocd.exposure` is a gateway; install the Gateway API's CRDs",
          },
        ]
      : []),
  ];
}

export function judgeApis(
  cluster: string,
  needed: readonly NeededApi[],
  served: ReadonlySet<string>,
): Finding[] {
  const missing = needed.filter(({ version }) => !served.has(version));
  if (missing.length === 0)
    return [ok(cluster, `serves all ${needed.length} API versions that \`up\` needs`)];
  return missing.map(({ version, reason }) => failed(cluster, `does not serve ${version}`, reason));
}

export const clusterApisCheck = perCluster("cluster-apis", async ({ name, role, api }, { config }) => {
  const { groups = [] } = ((await api.read("/apis")) ?? {}) as {
    groups?: { versions: { groupVersion: string }[] }[];
  };
  const served = new Set(groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion)));
  return [...judgeApis(name, neededApis(config, role), served)];
});
