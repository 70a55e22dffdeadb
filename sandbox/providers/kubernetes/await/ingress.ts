import { isMap } from "../../protocol/properties";
import type { Property } from "../../protocol/properties";
import { namespaceOf, text, valueAt } from "../objects/object";
import type { KubernetesObject } from "../objects/object";
import { ready, waiting } from "./readiness";
import type { Awaiter } from "./readiness";

const endpoints = { group: "", version: "v1", kind: "Endpoints" };
const services = { group: "", version: "v1", kind: "Service" };

/** How long a backend without endpoints holds the Ingress up; then it is only warned of. */
const settleTime = 60_000;

const noBackend = "Ingress has at least one rule with an unavailable target endpoint.";
const noAddress = "Ingress .status.loadBalancer field was not updated with a hostname/IP address.";

/** Ready: every backend has endpoints and a controller has given the Ingress an address. */
export const readyIngress: Awaiter = async (live, around) => {
  const namespace = namespaceOf(live);
  const missing: string[] = [];
  for (const name of backends(live)) {
    const service = await around.get(services, namespace, name);
    const external = valueAt(service, "spec", "type") === "ExternalName";
    if (!external && !(await around.get(endpoints, namespace, name))) missing.push(name);
  }
  const backed = missing.length === 0 || around.settledFor(missing) >= settleTime;
  const addresses = valueAt(live, "status", "loadBalancer", "ingress");
  const addressed = Array.isArray(addresses) && addresses.length > 0;
  if (backed && addressed) return ready;
  return waiting(...(backed ? [] : [noBackend]), ...(addressed ? [] : [noAddress]));
};

function backends(ingress: KubernetesObject): string[] {
  const rules = items(valueAt(ingress, "spec", "rules"));
  const paths = rules.flatMap((rule) => items(valueAt(rule, "http", "paths")));
  const names = paths.map((path) => text(valueAt(path, "backend", "service", "name")));
  return [...new Set(names.filter((name) => name !== ""))];
}

function items(list: Property | undefined): Property[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}
