import type { SandboxCluster } from "../clusters";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { deployedController } from "./deployed";

/** The External Secrets controller as its Deployment states it; nothing while the stack has not installed the chart. */
export async function externalSecretsController(
  layout: SandboxLayout,
  tools: ToolPaths,
  cluster: SandboxCluster,
): Promise<ProcessSpec | undefined> {
  const deployed = await deployedController(layout, cluster, "app.kubernetes.io/name=external-secrets");
  if (!deployed) return undefined;
  return {
    name: `external-secrets${cluster.suffix}`,
    command: tools["external-secrets"],
    args: [
      ...(deployed.pod.containers[0]?.args ?? []),
      // Nobody asks for its metrics or its health here, and there is one.
      "--metrics-addr=0",
      "--live-addr=0",
      "--enable-leader-election=false",
    ],
    env: { KUBECONFIG: deployed.kubeconfig },
    ports: [],
    // It answers nobody; what it has done stands in the status of each ExternalSecret.
    ready: () => Promise.resolve(true),
  };
}
