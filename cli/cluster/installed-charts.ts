import { AppsV1Api, type V1Deployment } from "@kubernetes/client-node";
import type { EnvironmentSettings } from "../settings";
import { CliError } from "../errors";
import { connect, describeApiError } from "./connection";

/** A controller that runs on a hub, with the chart it came from. */
export interface InstalledController {
  readonly name: string;
  /** Chart and version as Helm's label states them: `argo-cd-10.1.1`. */
  readonly chart: string;
  readonly available: boolean;
  /** When its present version had rolled out. */
  readonly since: Date | undefined;
}

export function readController(deployment: V1Deployment): InstalledController {
  const condition = (type: string) => deployment.status?.conditions?.find((entry) => entry.type === type);
  const { observedGeneration, replicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
  const settled = observedGeneration === deployment.metadata?.generation && updatedReplicas === replicas;
  const since = condition("Progressing")?.lastUpdateTime;
  return {
    name: `${deployment.metadata?.namespace}/${deployment.metadata?.name}`,
    chart: deployment.metadata?.labels?.["helm.sh/chart"] ?? "",
    available: settled && condition("Available")?.status === "True",
    since: since ? new Date(since) : undefined,
  };
}

/** The Deployments on a hub that come from a chart. */
export async function listControllers(settings: EnvironmentSettings): Promise<InstalledController[]> {
  const { kubeconfig, hub } = settings.clusters;
  const api = connect({ kubeconfig, context: hub }).makeApiClient(AppsV1Api);
  try {
    const { items } = await api.listDeploymentForAllNamespaces({ labelSelector: "helm.sh/chart" });
    return items.map(readController);
  } catch (error) {
    throw new CliError(`Cannot read the Deployments of ${hub}: ${describeApiError(error)}`);
  }
}
