import { isMap } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { annotationOf, metadataOf, text } from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { uniqueName } from "./objects/autonaming";

/** The manager of a create and of everything that is not a server-side apply. */
export const clientSideManager = "pulumi-kubernetes";

/** Updates by these managers are Pulumi's or kubectl's own and are taken over by server-side apply. */
const takenOver = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: "pulumi-kubernetes", operation: "Update" },
  { manager: "pulumi-kubernetes.exe", operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/** The field manager of a resource: the annotation's, that of its state, or a new one of its own. */
export function fieldManagerOf(
  serverSideApply: boolean,
  fromState: string,
  inputs: KubernetesObject,
): string {
  if (!serverSideApply) return clientSideManager;
  const annotated = annotationOf(inputs, "pulumi.com/patchFieldManager");
  return annotated || fromState || uniqueName(`${clientSideManager}-`, new Uint8Array());
}

export function managedFieldsOf(live: KubernetesObject): PropertyMap[] {
  const entries = metadataOf(live)["managedFields"];
  return Array.isArray(entries) ? entries.filter(isMap) : [];
}

/** The managed fields with the taken over managers merged into one; undefined when there is nothing to take over. */
export function takeOver(live: KubernetesObject, fieldManager: string): PropertyMap[] | undefined {
  const entries = managedFieldsOf(live);
  const isOwn = (entry: PropertyMap) => entry["manager"] === fieldManager && entry["operation"] === "Apply";
  const isTaken = (entry: PropertyMap) =>
    text(entry["subresource"]) === "" &&
    takenOver.some(
      ({ manager, operation }) => entry["manager"] === manager && entry["operation"] === operation,
    );

  const taken = entries.filter((entry) => isTaken(entry) && !isOwn(entry));
  const [first] = [...entries.filter(isOwn), ...taken];
  if (taken.length === 0 || !first) return undefined;
  const merged = {
    ...first,
    manager: fieldManager,
    operation: "Apply",
    fieldsV1: [...entries.filter(isOwn), ...taken]
      .map((entry) => entry["fieldsV1"] ?? {})
      .reduce<Property>((left, right) => mergeFields(left, right), {}),
  };
  return [...entries.filter((entry) => !isOwn(entry) && !isTaken(entry)), merged];
}

function mergeFields(left: Property, right: Property): Property {
  if (!isMap(left) || !isMap(right)) return left;
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    merged[key] = key in merged ? mergeFields(merged[key] ?? null, value) : value;
  }
  return merged;
}

/** Whether a manager owns the field at a path of names: `spec`, `replicas`. */
export function owns(entry: PropertyMap, path: readonly (string | number)[]): boolean {
  const found = path.reduce<Property | undefined>(
    (fields, part) => (isMap(fields) ? fields[`f:${part}`] : undefined),
    entry["fieldsV1"],
  );
  return found !== undefined;
}

/** Whether an apply may overwrite what other managers own. */
export function forcesApply(
  inputs: KubernetesObject,
  live: KubernetesObject | undefined,
  options: { patchForce: boolean; preview: boolean },
): boolean {
  if (annotationOf(inputs, "pulumi.com/patchForce") === "true" || options.patchForce) return true;
  if (!live) return options.preview;
  const entries = managedFieldsOf(live);
  if (entries.length === 0) return true;
  // A real update takes these over first, which a preview must not do.
  const ownUpdates = ["pulumi-resource-kubernetes", "pulumi-kubernetes", "pulumi-kubernetes.exe"];
  return (
    options.preview &&
    entries.some((entry) => entry["operation"] === "Update" && ownUpdates.includes(text(entry["manager"])))
  );
}
