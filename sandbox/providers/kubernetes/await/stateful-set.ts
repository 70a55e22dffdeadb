import { valueAt } from "../objects/object";
import { podErrors } from "./pod";
import { isObserved, number, ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

/** Ready: every replica runs the revision that was asked for. */
export const readyStatefulSet: Awaiter = async (live, around) => {
  if (!isObserved(live)) return waiting("Waiting for the StatefulSet controller");
  const status = (key: string) => number(valueAt(live, "status", key));
  const wanted = number(valueAt(live, "spec", "replicas"));
  const running = wanted === status("replicas") && wanted === status("readyReplicas");

  const isUpdate = number(valueAt(live, "metadata", "generation")) > 1;
  if (isUpdate && valueAt(live, "spec", "updateStrategy", "type") === "OnDelete") {
    return running ? ready : waiting(progress(status("readyReplicas"), wanted));
  }
  const revision = valueAt(live, "status", "currentRevision");
  const current = Boolean(revision) && revision === valueAt(live, "status", "updateRevision");
  if (running && current && wanted === status("currentReplicas")) return ready;
  if (running && !current) return waiting("Waiting for StatefulSet to update .status.currentRevision");
  return waiting(progress(status("readyReplicas"), wanted), ...(await podErrors(live, around)));
};

function progress(has: number, wanted: number): string {
  return `Waiting for StatefulSet to create Pods (${has}/${wanted} Pods ready)`;
}
