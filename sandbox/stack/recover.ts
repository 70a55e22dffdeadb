import { readFileSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";
import { ClusterApi } from "../../cli/doctor/cluster-api";
import { thisHost } from "../../cli/recover/lock";
import { type Engine, recover } from "../../cli/recover/recover";
import { sandboxClusters } from "../clusters";
import type { Sandbox } from "../settings";
import { runEngine } from "./run-engine";

/** The clusters of a sandbox's stack, as `platform recover` knows them. */
export function clusterApis(sandbox: Sandbox): ReadonlyMap<string, ClusterApi> {
  const context = sandbox.settings.context || undefined;
  return new Map(
    sandboxClusters(sandbox).map(({ name, kubeconfig }) => [
      name,
      ClusterApi.fromKubeconfig(readFileSync(kubeconfig, "utf8"), context),
    ]),
  );
}

function engineOf(stack: Stack, backend: string): Engine {
  return {
    backend: () => Promise.resolve(`file://${backend}`),
    export: () => runEngine(stack, ["stack", "export"]),
    cancel: async () => void (await runEngine(stack, ["cancel", "--yes"])),
    import: async (state) => void (await runEngine(stack, ["stack", "import"], state)),
    refresh: async (urns) => {
      const targets = urns.flatMap((urn) => ["--target", urn]);
      await runEngine(stack, ["refresh", "--yes", "--skip-preview", ...targets]);
    },
  };
}

/** Makes a state that a killed engine left usable again, by the rules of `platform recover`. */
export async function recoverStack(
  stack: Stack,
  project: string,
  sandbox: Sandbox,
  say: (line: string) => void,
): Promise<void> {
  await recover({
    stack: { project, stack: sandbox.settings.stack },
    engine: engineOf(stack, sandbox.layout.backend),
    clusters: clusterApis(sandbox),
    host: thisHost,
    now: new Date(),
    execute: true,
    say,
  });
}

/** Lifts the protection of every resource, for a stack that is to be removed as a whole. */
export async function unprotectStack(stack: Stack): Promise<void> {
  await runEngine(stack, ["state", "unprotect", "--all", "--yes"]);
}
