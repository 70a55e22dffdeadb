import { isMap } from "../../protocol/properties";
import { nameOf, namespaceOf, valueAt } from "../objects/object";
import type { KubernetesObject } from "../objects/object";
import { ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

const endpoints = { group: "", version: "v1", kind: "Endpoints" };

/** How long the endpoints must have stayed the same. The official provider waits ten seconds. */
const settleTime = 1000;

const noPods =
  "Service does not target any Pods. Selected Pods may not be ready, or " +
  "field '.spec.selector' may not match labels on any Pods";
const noAddress = "Service was not allocated an IP address; does your cloud provider support this?";

/** Ready: its endpoints have settled without a Pod that is about to become ready, and a load balancer has its address. */
export const readyService: Awaiter = async (live, around) => {
  const isLoadBalancer = valueAt(live, "spec", "type") === "LoadBalancer";
  const addresses = valueAt(live, "status", "loadBalancer", "ingress");
  const addressed = !isLoadBalancer || (Array.isArray(addresses) && addresses.length > 0);
  if (!waitsForPods(live)) return addressed ? ready : waiting(noAddress);

  const found = await around.get(endpoints, namespaceOf(live), nameOf(live));
  const subsets = valueAt(found, "subsets");
  const list = Array.isArray(subsets) ? subsets.filter(isMap) : [];
  const settled = found !== undefined && around.settledFor(list) >= settleTime;
  const pending = list.some((subset) => Array.isArray(subset["notReadyAddresses"]));
  if (addressed && settled && !pending) return ready;
  const targets = list.some((subset) => Array.isArray(subset["addresses"]));
  return waiting(...(targets ? [] : [noPods]), ...(addressed ? [] : [noAddress]));
};

function waitsForPods(service: KubernetesObject): boolean {
  const selector = valueAt(service, "spec", "selector");
  return (
    valueAt(service, "spec", "type") !== "ExternalName" &&
    valueAt(service, "spec", "clusterIP") !== "None" &&
    isMap(selector) &&
    Object.keys(selector).length > 0
  );
}
