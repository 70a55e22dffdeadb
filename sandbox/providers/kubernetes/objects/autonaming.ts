import { createHash, randomBytes } from "node:crypto";
import { isMap, isUnknown } from "../../protocol/properties";
import { hasAnnotation, metadataOf, nameOf, text, withAnnotation, withMetadata } from "./object";
import type { KubernetesObject } from "./object";

export const autonamed = "pulumi.com/autonamed";

/** What the engine was told about names (`pulumi:autonaming`); the provider's own rule holds when it is absent. */
export interface Autonaming {
  mode: "propose" | "enforce" | "disable";
  proposedName: string;
}

export function isNamed(object: KubernetesObject): boolean {
  const name = metadataOf(object)["name"];
  return isUnknown(name) || text(name) !== "";
}

export function isAutonamed(object: KubernetesObject): boolean {
  return hasAnnotation(object, autonamed);
}

export function usesGenerateName(object: KubernetesObject): boolean {
  return !isNamed(object) && text(metadataOf(object)["generateName"]) !== "";
}

/** Names an object that has no name after its resource, and marks it, so that a replacement may get another name. */
export function assignName(
  object: KubernetesObject,
  resourceName: string,
  seed: Uint8Array,
  autonaming: Autonaming | undefined,
): KubernetesObject {
  if (isNamed(object) || usesGenerateName(object) || isUnknown(object["metadata"])) return object;
  if (autonaming?.mode === "disable") {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  const name = autonaming ? autonaming.proposedName : uniqueName(`${resourceName}-`, seed);
  return withAnnotation(withMetadata(object, { name }), autonamed, "true");
}

/** Keeps the name that was assigned earlier. */
export function adoptName(object: KubernetesObject, old: KubernetesObject): KubernetesObject {
  if (isNamed(object) || !isAutonamed(old) || !isMap(object["metadata"] ?? {})) return object;
  return withAnnotation(withMetadata(object, { name: nameOf(old) }), autonamed, "true");
}

/** Eight hexadecimal digits behind the prefix; the same seed gives the same name. */
export function uniqueName(prefix: string, seed: Uint8Array): string {
  const digits =
    seed.length === 0 ? randomBytes(4) : createHash("sha256").update(seed).digest().subarray(0, 4);
  return prefix + digits.toString("hex");
}
