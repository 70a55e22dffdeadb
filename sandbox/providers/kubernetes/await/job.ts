import { idOf, valueAt } from "../objects/object";
import type { KubernetesObject } from "../objects/object";
import { conditionOf, failed, number, ready, waiting } from "./readiness";
import type { Readiness } from "./readiness";

const fatal = ["BackoffLimitExceeded", "DeadlineExceeded"];

/** Ready: the Job is complete. A Job that has used up its attempts or its time has failed for good. */
export function readyJob(live: KubernetesObject): Readiness {
  const failure = conditionOf(live, "Failed");
  if (failure?.status === "True" && fatal.includes(failure.reason)) {
    return failed(`[${failure.reason}] ${failure.message}`);
  }
  if (conditionOf(live, "Complete")?.status === "True") return ready;
  if (!valueAt(live, "status", "startTime")) return waiting(`Waiting for Job "${idOf(live)}" to start`);
  const count = (key: string) => number(valueAt(live, "status", key));
  const progress = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
  return waiting(`Waiting for Job "${idOf(live)}" to succeed ${progress}`);
}
