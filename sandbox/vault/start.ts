import { sandboxClusters } from "../clusters";
import { ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { Sandbox } from "../settings";
import type { ToolPaths } from "../toolchain/build";
import { vaultClient } from "./client";
import { configureVault } from "./configure";
import { vault } from "./process";
import { tokenReview } from "./reviewer";
import { secretValues } from "./values";

/** Runs Vault, with a value for each secret that the services in git ask for. */
export async function startVault(sandbox: Sandbox, tools: ToolPaths): Promise<void> {
  const { layout, settings } = sandbox;
  const spec = vault(layout, tools);
  await ensureProcess(layout, spec);
  await waitUntilReady(layout, spec);
  const clusters = await Promise.all(
    sandboxClusters(sandbox).map(async (cluster) => ({
      name: cluster.name,
      review: await tokenReview(layout, cluster),
    })),
  );
  const values = await secretValues(layout, settings.stack);
  await configureVault(vaultClient(layout), settings.stack, clusters, values);
}
