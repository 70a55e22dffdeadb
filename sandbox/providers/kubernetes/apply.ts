import { mergePatch, prune } from "./objects/merge-patch";
import { parsePath } from "./objects/detailed-diff";
import { isCrd, isPatch, metadataOf, text, valueAt, withMetadata } from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { isMap } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { ApiError } from "./api/client";
import { clientSideManager, forcesApply, managedFieldsOf, owns, takeOver } from "./field-managers";
import type { Cluster, Session } from "./session";

const applyPatch = "application/apply-patch+yaml";
const conflictHelp =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/" +
  "#handle-field-conflicts-on-existing-resources";

export interface Apply {
  urn: string;
  inputs: KubernetesObject;
  fieldManager: string;
  preview: boolean;
}

/** Creates the object; a patch, and with `upsertExistingObjects` any object, is applied to what is there already. */
export async function createObject(
  session: Session,
  cluster: Cluster,
  apply: Apply,
): Promise<KubernetesObject> {
  const { inputs, preview, fieldManager } = apply;
  const { serverSideApply, upsertExistingObjects, patchForce } = session.settings;
  const dryRun = preview ? "All" : undefined;
  const patches = isPatch(apply.urn, text(inputs["kind"]));
  const path = await cluster.discovery.pathOf(inputs);
  if (!serverSideApply || !(upsertExistingObjects || patches)) {
    const query = { fieldManager: clientSideManager, dryRun };
    return cluster.api.request({
      method: "POST",
      path: path.slice(0, path.lastIndexOf("/")),
      query,
      body: inputs,
    });
  }
  const force = String(forcesApply(inputs, undefined, { patchForce, preview }));
  const query = { fieldManager, force, fieldValidation: "Warn", dryRun };
  return explained(
    fieldManager,
    cluster.api.request({ method: "PATCH", path, query, contentType: applyPatch, body: inputs }),
  );
}

export interface Update extends Apply {
  before: KubernetesObject;
  oldInputs: KubernetesObject;
  ignoreChanges: string[];
}

/** Brings the live object to the inputs: a CRD by replacement, anything else by server-side apply or a merge patch. */
export async function updateObject(
  session: Session,
  cluster: Cluster,
  update: Update,
): Promise<KubernetesObject> {
  const { before, inputs, fieldManager, preview } = update;
  const path = await cluster.discovery.pathOf(before);
  const dryRun = preview ? "All" : undefined;
  if (isCrd(inputs)) {
    const resourceVersion = metadataOf(before)["resourceVersion"] ?? null;
    const body = withMetadata(inputs, { resourceVersion });
    return cluster.api.request({ method: "PUT", path, query: { fieldManager, dryRun }, body });
  }
  if (!session.settings.serverSideApply) {
    const kept = keepIgnored(inputs, before, update.ignoreChanges, () => false);
    const body = mergePatch(prune(before, update.oldInputs), kept);
    const query = { fieldManager: clientSideManager, dryRun };
    return cluster.api.request({
      method: "PATCH",
      path,
      query,
      contentType: "application/merge-patch+json",
      body,
    });
  }
  const live = await ownedByUs(cluster, path, update);
  const others = managedFieldsOf(live).filter((entry) => entry["manager"] !== fieldManager);
  const own = managedFieldsOf(live).filter((entry) => entry["manager"] === fieldManager);
  const body = keepIgnored(
    inputs,
    live,
    update.ignoreChanges,
    (parts) => others.some((entry) => owns(entry, parts)) && !own.some((entry) => owns(entry, parts)),
  );
  const force = String(forcesApply(inputs, live, { patchForce: session.settings.patchForce, preview }));
  const query = { fieldManager, force, dryRun };
  return explained(
    fieldManager,
    cluster.api.request({ method: "PATCH", path, query, contentType: applyPatch, body }),
  );
}

/** Without it the fields set at creation would belong to two managers, and none could be removed. */
async function ownedByUs(cluster: Cluster, path: string, update: Update): Promise<KubernetesObject> {
  const { before, fieldManager } = update;
  const skip = update.preview || isPatch(update.urn, text(update.inputs["kind"]));
  const managedFields = skip ? undefined : takeOver(before, fieldManager);
  if (!managedFields) return before;
  const body = [{ op: "replace", path: "/metadata/managedFields", value: managedFields }];
  return cluster.api.request({ method: "PATCH", path, contentType: "application/json-patch+json", body });
}

/** Ignored fields stay as they are on the cluster; those of other managers are left out altogether. */
function keepIgnored(
  inputs: KubernetesObject,
  live: KubernetesObject,
  ignoreChanges: readonly string[],
  belongsToOthers: (path: readonly (string | number)[]) => boolean,
): KubernetesObject {
  return ignoreChanges.map(parsePath).reduce((object, path) => {
    if (belongsToOthers(path)) return withValue(object, path, undefined) as KubernetesObject;
    const value = valueAt(live, ...path);
    return value === undefined ? object : (withValue(object, path, value) as KubernetesObject);
  }, inputs);
}

function withValue(
  target: Property,
  path: readonly (string | number)[],
  value: Property | undefined,
): Property {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (Array.isArray(target) && typeof key === "number") {
    return target.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  }
  if (!isMap(target)) return target;
  if (rest.length === 0 && value === undefined) {
    return Object.fromEntries(Object.entries(target).filter(([name]) => name !== String(key)));
  }
  if (rest.length > 0 && !(key in target) && value === undefined) return target;
  return { ...target, [key]: withValue(target[key] ?? {}, rest, value) } satisfies PropertyMap;
}

/** Gives up the fields of one manager, and with them what nobody else wants. */
export async function relinquish(
  cluster: Cluster,
  object: KubernetesObject,
  fieldManager: string,
): Promise<void> {
  const { name, namespace } = metadataOf(object);
  const body = {
    apiVersion: object["apiVersion"],
    kind: object["kind"],
    metadata: { name, ...(namespace ? { namespace } : {}) },
  };
  const path = await cluster.discovery.pathOf(object);
  await cluster.api.request({
    method: "PATCH",
    path,
    query: { fieldManager },
    contentType: applyPatch,
    body,
  });
}

async function explained<T>(fieldManager: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || !error.is("Conflict")) throw error;
    const message =
      `server-side apply field conflict detected, see ${conflictHelp} for troubleshooting help\n` +
      `The resource managed by field manager "${fieldManager}" had an apply conflict: ${error.message}`;
    throw new ApiError(error.code, error.reason, message, error.subject);
  }
}
