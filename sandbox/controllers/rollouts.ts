import { AppsV1Api, type KubeConfig } from "@kubernetes/client-node";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { serviceAccountKubeconfig } from "./service-account";

/** The Argo Rollouts controller as its Deployment states it; nothing while the stack has installed none. */
export async function rolloutsController(
  layout: SandboxLayout,
  tools: ToolPaths,
  kubeConfig: KubeConfig,
): Promise<ProcessSpec | undefined> {
  const { ports } = layout;
  const { items } = await kubeConfig.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces({
    labelSelector: "app.kubernetes.io/name=argo-rollouts,app.kubernetes.io/component=rollouts-controller",
  });
  const deployment = items[0];
  const pod = deployment?.spec?.template.spec;
  if (!pod) return undefined;
  const kubeconfig = await serviceAccountKubeconfig(layout, kubeConfig, {
    namespace: deployment.metadata?.namespace ?? "",
    name: pod.serviceAccountName ?? "default",
  });
  return {
    name: "argo-rollouts",
    command: tools["rollouts-controller"],
    args: [
      ...(pod.containers[0]?.args ?? []),
      `--kubeconfig=${kubeconfig}`,
      `--metricsPort=${ports.rolloutsMetrics}`,
      `--healthzPort=${ports.rolloutsHealth}`,
      // There is one; electing a leader would delay a restart by the lease of the one before.
      "--leader-elect=false",
    ],
    ports: [ports.rolloutsMetrics, ports.rolloutsHealth],
    ready: () => listens(ports.rolloutsHealth),
  };
}
