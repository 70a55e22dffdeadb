import { setTimeout as delay } from "node:timers/promises";
import { ApiException, KubernetesObjectApi } from "@kubernetes/client-node";
import { type PendingOperation, targetOf } from "../../cli/recover/pending";
import { planStep } from "../../cli/recover/plan";
import { sight } from "../../cli/recover/sight";
import { clusterClient, sandboxClusters } from "../clusters";
import type { Sandbox } from "../settings";
import { clusterApis } from "./recover";

async function remove(sandbox: Sandbox, operation: PendingOperation): Promise<void> {
  const target = targetOf(operation);
  const cluster = sandboxClusters(sandbox).find(({ name }) => "cluster" in target && name === target.cluster);
  if (target.kind !== "object" || !cluster) return;
  const api = KubernetesObjectApi.makeApiClient(clusterClient(cluster));
  const { apiVersion, objectKind: kind, name, namespace } = target;
  const object = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
  for (;;) {
    try {
      await api.delete(object);
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return;
      throw error;
    }
    await delay(200);
  }
}

/**
 * Deletes what the engine had written when it was killed and could record neither as made nor as under way: the
 * provider finishes its last objects on its own. They are those that the next `up` would create, that are there, and
 * that only Pulumi has written; nothing can depend on them yet, since the engine never heard that they exist.
 */
export async function removeUnrecorded(
  planned: readonly PendingOperation[],
  sandbox: Sandbox,
): Promise<string[]> {
  const clusters = clusterApis(sandbox);
  const removed: string[] = [];
  for (const operation of planned) {
    if (planStep(operation, await sight(operation, clusters)).action !== "import") continue;
    await remove(sandbox, operation);
    removed.push(operation.resource.urn);
  }
  return removed;
}
