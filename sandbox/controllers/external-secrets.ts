import { AppsV1Api, type KubeConfig } from "@kubernetes/client-node";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import { externalSecrets } from "../vault/processes";
import { serviceAccountKubeconfig } from "./service-account";

/** The stand-in for the External Secrets controller; nothing while the stack has not installed the chart. */
export async function externalSecretsController(
  layout: SandboxLayout,
  kubeConfig: KubeConfig,
  cluster: string,
): Promise<ProcessSpec | undefined> {
  const { items } = await kubeConfig
    .makeApiClient(AppsV1Api)
    .listDeploymentForAllNamespaces({ labelSelector: "app.kubernetes.io/name=external-secrets" });
  const deployment = items[0];
  if (!deployment?.spec) return undefined;
  const kubeconfig = await serviceAccountKubeconfig(layout, kubeConfig, {
    namespace: deployment.metadata?.namespace ?? "",
    name: deployment.spec.template.spec?.serviceAccountName ?? "default",
  });
  return externalSecrets(cluster, kubeconfig);
}
