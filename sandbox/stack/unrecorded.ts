import { setTimeout as delay } from "node:timers/promises";
import { ApiException, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { ClusterApi } from "../../cli/doctor/cluster-api";
import { type PendingOperation, targetOf } from "../../cli/recover/pending";
import { planStep } from "../../cli/recover/plan";
import { sight } from "../../cli/recover/sight";

async function remove(api: KubernetesObjectApi, operation: PendingOperation): Promise<void> {
  const target = targetOf(operation);
  if (target.kind !== "object") return;
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
  clusters: ReadonlyMap<string, ClusterApi>,
  kubeConfig: KubeConfig,
): Promise<string[]> {
  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  const removed: string[] = [];
  for (const operation of planned) {
    if (planStep(operation, await sight(operation, clusters)).action !== "import") continue;
    await remove(api, operation);
    removed.push(operation.resource.urn);
  }
  return removed;
}
