import type { PropertyMap } from "../protocol/properties";
import { isAutonamed, isNamed } from "./objects/autonaming";
import { fromState, toObject } from "./objects/checkpoint";
import { detailedDiff, isIgnored } from "./objects/detailed-diff";
import type { PropertyChange } from "./objects/detailed-diff";
import { forceNewPaths } from "./objects/force-new";
import { mergePatch, prune } from "./objects/merge-patch";
import { normalize } from "./objects/normalize";
import {
  hasAnnotation,
  isPatch,
  kindOf,
  nameOf,
  namespaceOf,
  text,
  withMetadata,
  withoutMetadata,
} from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { readyJob } from "./await/job";
import { isNamespaced } from "./scope";
import type { Session } from "./session";

export interface Diff {
  changes: Map<string, PropertyChange>;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/**
 * Compares what the cluster had at the last operation, cut down to what the old inputs spoke of, with the new inputs.
 * Drift is seen after a refresh, which brings the state up to date.
 */
export async function diff(
  session: Session,
  request: { urn: string; state: PropertyMap; news: PropertyMap; ignoreChanges: string[] },
): Promise<Diff> {
  const checkpoint = fromState(request.state);
  const live = checkpoint.live;
  const newObject = normalize(toObject(request.news));
  const namespaced = (await isNamespaced(session, kindOf(newObject))) ?? true;
  const news = inScope(newObject, namespaced);
  const olds = comparable(inScope(prune(live, normalize(checkpoint.inputs)), namespaced), live, news);

  const forceNew = forceNewPaths(news, isPatch(request.urn, text(news["kind"])), {
    secrets: session.settings.secretMutable,
    configMaps: session.settings.configMapMutable,
  });
  const all = detailedDiff(mergePatch(olds, news), olds, news, forceNew);
  const changes = new Map([...all].filter(([path]) => !isIgnored(path, request.ignoreChanges)));
  const replaces = [...changes]
    .filter(([path, { change, replaces: forced }]) => forced || (change === "delete" && path === "metadata"))
    .map(([path]) => path);
  if (await isUnreadyJob(session, news, live))
    replaces.push('.metadata.annotations["pulumi.com/replaceUnready"]');

  const deleteBeforeReplace =
    replaces.length > 0 &&
    isNamed(news) &&
    !isAutonamed(news) &&
    nameOf(news) === nameOf(live) &&
    namespaceOf(news) === (namespaced ? namespaceOf(live) || "default" : "");
  return { changes, replaces, deleteBeforeReplace };
}

function inScope(object: KubernetesObject, namespaced: boolean): KubernetesObject {
  return namespaced
    ? withMetadata(object, { namespace: namespaceOf(object) || "default" })
    : withoutMetadata(object, ["namespace"]);
}

function comparable(
  olds: KubernetesObject,
  live: KubernetesObject,
  news: KubernetesObject,
): KubernetesObject {
  const { apiVersion, kind } = news;
  const identified = { ...(apiVersion && kind ? { apiVersion, kind } : {}), ...olds };
  // The old name counts also where it came from `generateName`, so that it can be written down later.
  return nameOf(news) === "" ? identified : withMetadata(identified, { name: nameOf(live) });
}

async function isUnreadyJob(
  session: Session,
  news: KubernetesObject,
  live: KubernetesObject,
): Promise<boolean> {
  if (!hasAnnotation(news, "pulumi.com/replaceUnready") || news["kind"] !== "Job" || !session.cluster)
    return false;
  try {
    const path = await session.cluster.discovery.pathOf(live);
    const job = await session.cluster.api.request<KubernetesObject>({ method: "GET", path });
    return readyJob(job).state !== "ready";
  } catch {
    // A Job that cannot be read is no reason to replace it.
    return false;
  }
}
