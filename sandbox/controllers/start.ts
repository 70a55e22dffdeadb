import { startArgoCd } from "../argocd/processes";
import { type SandboxCluster, sandboxClusters } from "../clusters";
import { type ProcessSpec, ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { Sandbox } from "../settings";
import type { ToolPaths } from "../toolchain/build";
import { externalSecretsController } from "./external-secrets";
import { NotThereYet } from "./pod-environment";
import { rolloutsController } from "./rollouts";
import { sealedSecretsController } from "./sealed-secrets";

/** Runs what a cluster still lacks as a reason to wait, and anything else as an error. */
async function reasonToWait(run: () => Promise<string | undefined>): Promise<string[]> {
  try {
    return [(await run()) ?? ""].filter((reason) => reason !== "");
  } catch (error) {
    if (error instanceof NotThereYet) return [error.message];
    throw error;
  }
}

/** The controllers that a cluster's services need, each where the stack has installed it. */
function workloadControllers(
  { layout }: Sandbox,
  tools: ToolPaths,
  cluster: SandboxCluster,
): (() => Promise<ProcessSpec | undefined>)[] {
  return [
    () => rolloutsController(layout, tools, cluster),
    () => sealedSecretsController(layout, tools, cluster),
    () => externalSecretsController(layout, tools, cluster),
  ];
}

/**
 * Runs the controllers whose workloads stand in the clusters, as their nodes would; kwok only says that their pods run.
 * Returns what a cluster still lacks for them; nothing when all of them answer.
 *
 * @param clusters the hub first; omitted, all clusters of the sandbox.
 */
export async function startControllers(
  sandbox: Sandbox,
  tools: ToolPaths,
  clusters = sandboxClusters(sandbox),
): Promise<string[]> {
  const { layout } = sandbox;
  const start = async (describe: () => Promise<ProcessSpec | undefined>) => {
    const spec = await describe();
    if (!spec) return undefined;
    await ensureProcess(layout, spec);
    await waitUntilReady(layout, spec);
    return undefined;
  };
  const waits = await Promise.all([
    reasonToWait(() => startArgoCd(layout, tools, clusters[0])),
    ...clusters
      .flatMap((cluster) => workloadControllers(sandbox, tools, cluster))
      .map((describe) => reasonToWait(() => start(describe))),
  ]);
  return waits.flat();
}
