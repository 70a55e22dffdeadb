import { isMap } from "../../protocol/properties";
import { nameOf, namespaceOf, text, valueAt } from "../objects/object";
import type { KubernetesObject } from "../objects/object";
import { conditionOf, failed, ready, waiting } from "./readiness";
import type { Readiness, Surroundings } from "./readiness";

const pods = { group: "", version: "v1", kind: "Pod" };

/** Ready: the Pod reports it, or has run to its end. */
export function readyPod(live: KubernetesObject): Readiness {
  const phase = valueAt(live, "status", "phase");
  if (phase === "Succeeded" || conditionOf(live, "Ready")?.status === "True") return ready;
  const errors = containerErrors(live);
  return phase === "Failed"
    ? failed(...errors)
    : waiting(`Pod is ${text(phase) || "not scheduled"}`, ...errors);
}

/** Why the Pods of a controller do not run, as far as their containers say. */
export async function podErrors(owner: KubernetesObject, around: Surroundings): Promise<string[]> {
  const uid = valueAt(owner, "metadata", "uid");
  const all = await around.list(pods, namespaceOf(owner));
  return all
    .filter((pod) => valueAt(pod, "metadata", "ownerReferences", 0, "uid") === uid)
    .flatMap(containerErrors);
}

function containerErrors(pod: KubernetesObject): string[] {
  const unscheduled = conditionOf(pod, "PodScheduled");
  const scheduling =
    unscheduled?.status === "False"
      ? [`[Pod ${nameOf(pod)}]: ${unscheduled.reason}: ${unscheduled.message}`]
      : [];
  const statuses = ["initContainerStatuses", "containerStatuses"].flatMap((key) => {
    const list = valueAt(pod, "status", key);
    return Array.isArray(list) ? list.filter(isMap) : [];
  });
  const waits = statuses.flatMap((status) => {
    const state = valueAt(status, "state", "waiting");
    const reason = text(valueAt(state, "reason"));
    const normal = ["", "ContainerCreating", "PodInitializing"].includes(reason);
    return normal ? [] : [`[Pod ${nameOf(pod)}]: ${reason}: ${text(valueAt(state, "message"))}`];
  });
  return [...scheduling, ...waits];
}
