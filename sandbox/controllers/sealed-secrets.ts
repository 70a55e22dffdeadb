import type { SandboxCluster } from "../clusters";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { deployedController } from "./deployed";

/** Flags that name an address inside the pod, with their value. */
const addresses = new Set(["--listen-addr", "--listen-metrics-addr"]);

function withoutAddresses(args: readonly string[]): string[] {
  return args.filter((arg, index) => !addresses.has(arg) && !addresses.has(args[index - 1] ?? ""));
}

/** The Sealed Secrets controller as its Deployment states it; nothing while the stack has installed none. */
export async function sealedSecretsController(
  layout: SandboxLayout,
  tools: ToolPaths,
  cluster: SandboxCluster,
): Promise<ProcessSpec | undefined> {
  const deployed = await deployedController(layout, cluster, "app.kubernetes.io/name=sealed-secrets");
  if (!deployed) return undefined;
  const { ports, suffix } = cluster;
  return {
    name: `sealed-secrets${suffix}`,
    command: tools["sealed-secrets-controller"],
    args: [
      ...withoutAddresses(deployed.pod.containers[0]?.args ?? []),
      `--listen-addr=127.0.0.1:${ports.sealedSecrets}`,
      `--listen-metrics-addr=127.0.0.1:${ports.sealedSecretsMetrics}`,
    ],
    env: { KUBECONFIG: deployed.kubeconfig, POD_NAMESPACE: deployed.namespace },
    ports: [ports.sealedSecrets, ports.sealedSecretsMetrics],
    ready: () => listens(ports.sealedSecrets),
  };
}
