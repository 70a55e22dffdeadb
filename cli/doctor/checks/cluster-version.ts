import semver from "semver";
import { perCluster } from "../context";
import { failed, type Finding, invalid, ok, reasonOf } from "../finding";

/** The oldest release that the pinned Argo CD is tested with: https://argo-cd.readthedocs.io/en/stable/operator-manual/installation/ */
export const minimumKubernetes = "1.32.0";

/** Whether the API server is new enough for what the stack installs. */
export function judgeVersion(cluster: string, gitVersion: unknown): Finding {
  const version = typeof gitVersion === "string" ? semver.coerce(gitVersion) : null;
  if (!version) {
    return invalid(
      cluster,
      "does not say which Kubernetes it runs",
      "check that the address is an API server",
    );
  }
  return semver.gte(version, minimumKubernetes)
    ? ok(cluster, `runs Kubernetes ${version.version}`)
    : failed(
        cluster,
        `runs Kubernetes ${version.version}, which is older than ${minimumKubernetes}`,
        `upgrade the cluster to ${minimumKubernetes} or newer`,
      );
}

/** Whether the cluster answers at all, and what it runs. */
export const clusterVersionCheck = perCluster("cluster-version", async ({ name, key, api }) => {
  try {
    return [judgeVersion(name, (await api.read("/version"))?.["gitVersion"])];
  } catch (error) {
    return [
      invalid(
        name,
        `cannot be reached: ${reasonOf(error)}`,
        `check network, certificate and credentials of ${key}`,
      ),
    ];
  }
});
