import type { SandboxCluster } from "../clusters";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { deployedController } from "./deployed";
import { containerEnvironment } from "./pod-environment";

/** The Argo Rollouts controller as its Deployment states it; nothing while the stack has installed none. */
export async function rolloutsController(
  layout: SandboxLayout,
  tools: ToolPaths,
  cluster: SandboxCluster,
): Promise<ProcessSpec | undefined> {
  const deployed = await deployedController(
    layout,
    cluster,
    "app.kubernetes.io/name=argo-rollouts,app.kubernetes.io/component=rollouts-controller",
  );
  if (!deployed) return undefined;
  const { ports, suffix } = cluster;
  const container = deployed.pod.containers[0];
  return {
    name: `argo-rollouts${suffix}`,
    command: tools["rollouts-controller"],
    args: [
      ...(container?.args ?? []),
      `--kubeconfig=${deployed.kubeconfig}`,
      `--metricsPort=${ports.rolloutsMetrics}`,
      `--healthzPort=${ports.rolloutsHealth}`,
      // There is one; electing a leader would delay a restart by the lease of the one before.
      "--leader-elect=false",
    ],
    // Among them the address of the Prometheus that judges canaries.
    env: containerEnvironment(container?.env ?? [], { configMaps: {}, secrets: {} }),
    ports: [ports.rolloutsMetrics, ports.rolloutsHealth],
    ready: () => listens(ports.rolloutsHealth),
  };
}
