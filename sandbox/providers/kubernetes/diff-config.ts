import { equal, isMap, isUnknown, withoutSecretMarks } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { activeCluster, parseKubeconfig } from "./api/kubeconfig";
import type { Cluster } from "./api/kubeconfig";
import { text } from "./objects/object";

export interface ConfigDiff {
  changed: boolean;
  diffs: string[];
  replaces: string[];
}

const identifier = "clusterIdentifier";
const addressKeys = ["kubeconfig", "context", "cluster"];

/**
 * Says whether a changed provider means another cluster, so that everything in it must be made anew.
 *
 * `clusterIdentifier` decides when it is given: only its change replaces; adding or removing it does not.
 * Without it the server and credentials that the kubeconfig leads to decide. Throws for a malformed kubeconfig.
 */
export function diffConfig(oldMarked: PropertyMap, newMarked: PropertyMap): ConfigDiff {
  const olds = withoutSecretMarks(oldMarked);
  const news = withoutSecretMarks(newMarked);
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const diffs = [...keys].filter((key) => !equal(olds[key] ?? null, news[key] ?? null)).sort();
  if (diffs.length === 0) return { changed: false, diffs: [], replaces: [] };

  const identified = Boolean(news[identifier]) && equal(olds[identifier], news[identifier]);
  const replaces = Boolean(olds[identifier]) && Boolean(news[identifier]) && !identified ? [identifier] : [];
  const result = (changedKeys: string[], replacedKeys: string[]): ConfigDiff => ({
    changed: true,
    diffs: changedKeys,
    replaces: identified ? [] : replacedKeys,
  });

  const computed = addressKeys.find((key) => isUnknown(news[key]));
  if (computed) return result([computed], [...replaces, computed]);

  const before = clusterOf(olds);
  const after = clusterOf(news);
  const moved = before && after && !equal(before, after);
  return result(diffs, moved ? [...replaces, ...addressKeys.filter((key) => diffs.includes(key))] : replaces);
}

function clusterOf(inputs: PropertyMap): Cluster | undefined {
  const kubeconfig = parse(inputs["kubeconfig"] ?? null);
  return activeCluster(kubeconfig, { context: text(inputs["context"]), cluster: text(inputs["cluster"]) });
}

function parse(kubeconfig: Property) {
  const content = isMap(kubeconfig) ? JSON.stringify(kubeconfig) : text(kubeconfig);
  try {
    return parseKubeconfig(content);
  } catch (error) {
    throw new Error(`failed to parse kubeconfig: ${error instanceof Error ? error.message : String(error)}`);
  }
}
