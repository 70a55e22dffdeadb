import { isMap } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";

/** The arguments of the component that are values of the chart. */
const typedValues = [
  "affinity",
  "cainjector",
  "clusterResourceNamespace",
  "containerSecurityContext",
  "deploymentAnnotations",
  "extraArgs",
  "extraEnv",
  "extraVolumeMounts",
  "extraVolumes",
  "featureGates",
  "global",
  "http_proxy",
  "https_proxy",
  "image",
  "ingressShim",
  "installCRDs",
  "no_proxy",
  "nodeSelector",
  "podAnnotations",
  "podDnsConfig",
  "podDnsPolicy",
  "podLabels",
  "prometheus",
  "replicaCount",
  "resources",
  "securityContext",
  "serviceAccount",
  "serviceAnnotations",
  "serviceLabels",
  "startupapicheck",
  "strategy",
  "tolerations",
  "webhook",
];

/**
 * The chart's values: what `helmOptions.values` says, except where the component has an argument of the same name.
 * Such a value counts only when it is given as the argument; unset arguments erase it too, as the official component does.
 */
export function chartValues(args: PropertyMap): PropertyMap {
  const options = isMap(args["helmOptions"] ?? null) ? (args["helmOptions"] as PropertyMap) : {};
  const free = isMap(options["values"] ?? null) ? (options["values"] as PropertyMap) : {};
  const untyped = Object.entries(free).filter(([key]) => !typedValues.includes(key));
  const typed = Object.entries(args).filter(([key, value]) => typedValues.includes(key) && value !== null);
  return Object.fromEntries([...untyped, ...typed]);
}
