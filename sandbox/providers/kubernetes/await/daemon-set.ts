import { valueAt } from "../objects/object";
import { podErrors } from "./pod";
import { isObserved, number, ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

/** Ready: every node that should run a Pod runs one of the present revision, and it is available. */
export const readyDaemonSet: Awaiter = async (live, around) => {
  if (!isObserved(live) || valueAt(live, "status", "desiredNumberScheduled") === undefined) {
    return waiting("Waiting for the DaemonSet controller");
  }
  const status = (key: string) => number(valueAt(live, "status", key));
  const wanted = status("desiredNumberScheduled");
  for (const key of ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"]) {
    const has = status(key);
    if (has < wanted) return waiting(`${key}: ${has}/${wanted}`, ...(await podErrors(live, around)));
  }
  return ready;
};
