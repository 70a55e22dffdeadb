import { equal, isMap } from "../../protocol/properties";
import type { Property, PropertyMap } from "../../protocol/properties";

/** The JSON merge patch (RFC 7386) that turns one object into the other. */
export function mergePatch(from: PropertyMap, to: PropertyMap): PropertyMap {
  const patch: PropertyMap = {};
  for (const key of Object.keys(from)) {
    if (!(key in to)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(to)) {
    const old = from[key];
    if (!(key in from)) {
      patch[key] = value;
    } else if (isMap(old) && isMap(value)) {
      const nested = mergePatch(old, value);
      if (Object.keys(nested).length > 0) patch[key] = nested;
    } else if (!equal(old, value)) {
      patch[key] = value;
    }
  }
  return patch;
}

/** The parts of `live` that `inputs` speak of; fields that only the cluster fills in fall away. */
export function prune(live: PropertyMap, inputs: PropertyMap): PropertyMap {
  const shared = Object.entries(live).filter(([key]) => key in inputs);
  return Object.fromEntries(shared.map(([key, value]) => [key, pruneValue(value, inputs[key] ?? null)]));
}

function pruneValue(live: Property, input: Property): Property {
  if (isMap(live) && isMap(input)) return prune(live, input);
  if (!Array.isArray(live) || !Array.isArray(input)) return live;
  if (live.length === 0 || input.length === 0) return [];
  if (isMap(live[0]) !== isMap(input[0])) return live;
  return input.slice(0, live.length).map((item, index) => pruneValue(live[index] ?? null, item));
}
