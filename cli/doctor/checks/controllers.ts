import type { V1Deployment } from "@kubernetes/client-node";
import { type ChartName, chartVersions } from "../../../components/chart-versions";
import { type InstalledController, readController } from "../../cluster/installed-charts";
import type { Tree } from "../cluster-api";
import { type Cluster, perCluster } from "../context";
import { failed, type Finding, ok } from "../finding";
import { chartsOf } from "../charts";

const hubOnly: readonly ChartName[] = ["argoCd", "certManager"];

/** A StatefulSet has no condition that says so; its numbers do. */
export function readStatefulSet(object: Tree): InstalledController {
  const { metadata, spec, status } = object as {
    metadata?: { name?: string; namespace?: string; labels?: Record<string, string>; generation?: number };
    spec?: { replicas?: number };
    status?: { observedGeneration?: number; readyReplicas?: number; updatedReplicas?: number };
  };
  const wanted = spec?.replicas ?? 1;
  return {
    name: `${metadata?.namespace}/${metadata?.name}`,
    chart: metadata?.labels?.["helm.sh/chart"] ?? "",
    available:
      status?.observedGeneration === metadata?.generation &&
      (status?.readyReplicas ?? 0) >= wanted &&
      (status?.updatedReplicas ?? wanted) >= wanted,
    since: undefined,
  };
}

/** Whether every chart that a cluster is to have runs there. */
export function judgeControllers(
  cluster: string,
  charts: readonly string[],
  controllers: readonly InstalledController[],
): Finding[] {
  return charts.flatMap((chart) => {
    const own = controllers.filter((controller) => new RegExp(`^${chart}-v?\\d`).test(controller.chart));
    if (own.length === 0) return [failed(cluster, `does not run ${chart}`, "run pulumi up again")];
    const down = own.filter(({ available }) => !available);
    return down.length === 0
      ? [ok(cluster, `${own[0]!.chart} is available`)]
      : down.map(({ name }) => {
          const [namespace] = name.split("/");
          return failed(cluster, `${name} is not available`, `kubectl -n ${namespace} get pods,events`);
        });
  });
}

function chartsOn(role: Cluster["role"], config: { readonly certManager?: unknown }): string[] {
  return chartsOf(config)
    .filter((name) => role === "hub" || !hubOnly.includes(name))
    .map((name) => chartVersions[name].chart);
}

export const controllersCheck = perCluster("controllers", async ({ name, role, api }, { config }) => {
  const query = "labelSelector=helm.sh%2Fchart";
  const deployments = await api.list(`/apis/apps/v1/deployments?${query}`);
  const statefulSets = await api.list(`/apis/apps/v1/statefulsets?${query}`);
  const controllers = [
    ...deployments.map((object) => readController(object as V1Deployment)),
    ...statefulSets.map(readStatefulSet),
  ];
  return judgeControllers(name, chartsOn(role, config), controllers);
});
