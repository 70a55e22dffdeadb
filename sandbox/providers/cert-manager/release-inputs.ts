import { isMap, without } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { chartValues } from "./values";

const chart = "cert-manager";
const repository = "https://charts.jetstack.io";

/** The inputs of the component's one child, a `helm.sh/v3:Release`; without a version the newest chart is meant. */
export function releaseInputs(args: PropertyMap): PropertyMap {
  const options = isMap(args["helmOptions"] ?? null) ? (args["helmOptions"] as PropertyMap) : {};
  const repositoryOpts = isMap(options["repositoryOpts"] ?? null)
    ? (options["repositoryOpts"] as PropertyMap)
    : {};
  const given = Object.entries(without(options, "valueYamlFiles", "status")).filter(
    ([, value]) => value !== null,
  );
  return {
    ...Object.fromEntries(given),
    chart: options["chart"] ?? chart,
    // An empty repository is an answer too: the chart is a path.
    repositoryOpts: { ...repositoryOpts, repo: repositoryOpts["repo"] ?? repository },
    values: chartValues(args),
    compat: "true",
  };
}
