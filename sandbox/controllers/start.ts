import type { KubeConfig } from "@kubernetes/client-node";
import { startArgoCd } from "../argocd/processes";
import { ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { Sandbox } from "../settings";
import { hubName } from "../stack/workspace";
import type { ToolPaths } from "../toolchain/build";
import { externalSecretsController } from "./external-secrets";
import { NotThereYet } from "./pod-environment";
import { rolloutsController } from "./rollouts";

/** Runs what a cluster still lacks as a reason to wait, and anything else as an error. */
async function reasonToWait(run: () => Promise<string | undefined>): Promise<string[]> {
  try {
    return [(await run()) ?? ""].filter((reason) => reason !== "");
  } catch (error) {
    if (error instanceof NotThereYet) return [error.message];
    throw error;
  }
}

/**
 * Runs the controllers whose workloads stand in the cluster, as its nodes would; kwok only says that their pods run.
 * Returns what the cluster still lacks for them; nothing when all of them answer.
 */
export async function startControllers(
  sandbox: Sandbox,
  tools: ToolPaths,
  kubeConfig: KubeConfig,
): Promise<string[]> {
  const { layout } = sandbox;
  const optional = [
    () => rolloutsController(layout, tools, kubeConfig),
    () => externalSecretsController(layout, kubeConfig, hubName(sandbox)),
  ];
  const waits = await reasonToWait(() => startArgoCd(layout, tools, kubeConfig));
  for (const describe of optional) {
    waits.push(
      ...(await reasonToWait(async () => {
        const spec = await describe();
        if (!spec) return undefined;
        await ensureProcess(layout, spec);
        await waitUntilReady(layout, spec);
        return undefined;
      })),
    );
  }
  return waits;
}
