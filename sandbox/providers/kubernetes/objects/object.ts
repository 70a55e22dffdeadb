import { isMap } from "../../protocol/properties";
import type { Property, PropertyMap } from "../../protocol/properties";

/** A Kubernetes object as plain JSON. During a preview any part of it can be the mark of an unknown value. */
export type KubernetesObject = PropertyMap;

export interface Kind {
  /** Empty for the core group. */
  group: string;
  version: string;
  kind: string;
}

export function kindOf(object: KubernetesObject): Kind {
  return { ...groupVersion(text(object["apiVersion"])), kind: text(object["kind"]) };
}

export function groupVersion(apiVersion: string): { group: string; version: string } {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined
    ? { group: "", version: first }
    : { group: first === "core" ? "" : first, version: second };
}

export function apiVersionOf({ group, version }: Omit<Kind, "kind">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The kind that a resource type stands for: `kubernetes:apps/v1:Deployment`. Throws for another package's type. */
export function kindOfType(type: string): Kind {
  const [pkg, module = "", kind = ""] = type.split(":");
  const [group, version] = module.split("/");
  if (pkg !== "kubernetes" || group === undefined || version === undefined) {
    throw new Error(`unrecognized resource type: "${type}" for this provider`);
  }
  return { group: group === "core" ? "" : group, version, kind };
}

/** The resource type for an object: the core group is spelled out, any other group stands as it is. */
export function typeOf(object: KubernetesObject): string {
  const apiVersion = text(object["apiVersion"]);
  const module = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return `kubernetes:${module}:${text(object["kind"])}`;
}

export function typeOfUrn(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A `*Patch` resource: its type names the patched kind with the suffix `Patch`. */
export function isPatch(urn: string, kind: string): boolean {
  return typeOfUrn(urn).split(":").at(-1) === `${kind}Patch`;
}

export function metadataOf(object: KubernetesObject): PropertyMap {
  return isMap(object["metadata"]) ? object["metadata"] : {};
}

export function nameOf(object: KubernetesObject): string {
  return text(metadataOf(object)["name"]);
}

export function namespaceOf(object: KubernetesObject): string {
  return text(metadataOf(object)["namespace"]);
}

export function annotationOf(object: KubernetesObject, key: string): string {
  const annotations = metadataOf(object)["annotations"];
  return isMap(annotations) ? text(annotations[key]) : "";
}

export function hasAnnotation(object: KubernetesObject, key: string): boolean {
  return annotationOf(object, key) === "true";
}

export function withMetadata(object: KubernetesObject, fields: PropertyMap): KubernetesObject {
  return { ...object, metadata: { ...metadataOf(object), ...fields } };
}

export function withAnnotation(object: KubernetesObject, key: string, value: string): KubernetesObject {
  const annotations = metadataOf(object)["annotations"] ?? {};
  return isMap(annotations)
    ? withMetadata(object, { annotations: { ...annotations, [key]: value } })
    : object;
}

export function withoutMetadata(object: KubernetesObject, keys: readonly string[]): KubernetesObject {
  if (!isMap(object["metadata"])) return object;
  const kept = Object.entries(object["metadata"]).filter(([key]) => !keys.includes(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}

/** How the state names an object: `namespace/name`, or the name alone for a cluster-scoped one. */
export function idOf(object: KubernetesObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

export function isCrd(object: KubernetesObject): boolean {
  const { group, kind } = kindOf(object);
  return group === "apiextensions.k8s.io" && kind === "CustomResourceDefinition";
}

export function isSecretObject(object: KubernetesObject): boolean {
  return object["apiVersion"] === "v1" && object["kind"] === "Secret";
}

/** The value at a path of keys, or undefined. */
export function valueAt(object: Property | undefined, ...path: (string | number)[]): Property | undefined {
  return path.reduce<Property | undefined>((value, key) => {
    if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
    return isMap(value) ? value[key] : undefined;
  }, object);
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
