import { AppsV1Api, type V1PodSpec } from "@kubernetes/client-node";
import { type SandboxCluster, clusterClient } from "../clusters";
import type { SandboxLayout } from "../layout";
import { serviceAccountKubeconfig } from "./service-account";

/** A controller's Deployment as it stands in a cluster, and the way in that its ServiceAccount has. */
export interface DeployedController {
  readonly namespace: string;
  readonly pod: V1PodSpec;
  readonly kubeconfig: string;
}

/** The controller whose Deployment carries these labels; nothing while the stack has not installed its chart. */
export async function deployedController(
  layout: SandboxLayout,
  cluster: SandboxCluster,
  labelSelector: string,
): Promise<DeployedController | undefined> {
  const { items } = await clusterClient(cluster)
    .makeApiClient(AppsV1Api)
    .listDeploymentForAllNamespaces({ labelSelector });
  const { metadata, spec } = items[0] ?? {};
  const pod = spec?.template.spec;
  if (!pod) return undefined;
  const namespace = metadata?.namespace ?? "";
  const name = pod.serviceAccountName ?? "default";
  return { namespace, pod, kubeconfig: await serviceAccountKubeconfig(layout, cluster, { namespace, name }) };
}
