import { equal, isMap } from "../../protocol/properties";
import { valueAt } from "../objects/object";
import { number, ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

/** Ready at once, except a ServiceAccount's token Secret: its data is filled in by a controller. */
export const readySecret: Awaiter = (live) => {
  if (live["type"] !== "kubernetes.io/service-account-token") return ready;
  const data = live["data"];
  return isMap(data) && Object.keys(data).length > 0
    ? ready
    : waiting("Waiting for the token to be filled in");
};

export const readyResourceQuota: Awaiter = (live) =>
  equal(valueAt(live, "spec", "hard"), valueAt(live, "status", "hard"))
    ? ready
    : waiting("Waiting for the quota to be counted");

export const readyReplicationController: Awaiter = (live) => {
  const wanted = number(valueAt(live, "spec", "replicas"), 1);
  const has = number(valueAt(live, "status", "availableReplicas"));
  return has === wanted ? ready : waiting(`${has}/${wanted} Pods available`);
};
