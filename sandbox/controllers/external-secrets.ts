import type { SandboxCluster } from "../clusters";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import { externalSecrets } from "../vault/processes";
import { deployedController } from "./deployed";

/** The stand-in for the External Secrets controller; nothing while the stack has not installed the chart. */
export async function externalSecretsController(
  layout: SandboxLayout,
  cluster: SandboxCluster,
): Promise<ProcessSpec | undefined> {
  const deployed = await deployedController(layout, cluster, "app.kubernetes.io/name=external-secrets");
  return deployed && externalSecrets(cluster, deployed.kubeconfig);
}
