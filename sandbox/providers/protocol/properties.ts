import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A property as the engine sends it: JSON, in which secrets, unknowns and references are marked. */
export type Property = null | boolean | number | string | Property[] | { [key: string]: Property };
export type PropertyMap = { [key: string]: Property };

// The marks are fixed by the engine: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** Stands for a value that is not known before the operation ran. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Unknowns carry their type in the mark: boolean, number, string, array, asset, archive, object. */
const unknowns = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  unknown,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function fromStruct(struct: Struct | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}

export function toStruct(properties: PropertyMap): Struct {
  return new RawStruct(structData(properties));
}

/**
 * A message in the array form that the protobuf runtime keeps it in: position n holds field n+1.
 * `Struct.fromJavaScript` builds it through a million setters, which takes seconds for the CRDs of a chart.
 */
type RawMessage = unknown[];
const RawStruct = Struct as unknown as new (data: RawMessage) => Struct;

function structData(map: PropertyMap): RawMessage {
  const present = Object.entries(map).filter(([, value]) => value !== undefined);
  return [present.map(([key, value]) => [key, valueData(value)])];
}

function valueData(value: Property): RawMessage {
  if (value === null) return [0];
  if (typeof value === "number") return [undefined, value];
  if (typeof value === "string") return [undefined, undefined, value];
  if (typeof value === "boolean") return [undefined, undefined, undefined, value];
  if (!Array.isArray(value)) return [undefined, undefined, undefined, undefined, structData(value)];
  return [undefined, undefined, undefined, undefined, undefined, [value.map(valueData)]];
}

export function isMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function without(map: PropertyMap, ...keys: string[]): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && unknowns.has(value);
}

export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isMap(value)) return isComputedOutput(value) || Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

function isComputedOutput(value: PropertyMap): boolean {
  return value[signatureKey] === outputSignature && !("value" in value);
}

export function secret(value: Property): Property {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

export function isSecret(value: unknown): boolean {
  return isMap(value) && value[signatureKey] === secretSignature;
}

export function containsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  if (isMap(value)) return isSecret(value) || Object.values(value).some(containsSecret);
  return false;
}

/** The value without its secret marks, at every depth. */
export function withoutSecretMarks<T extends Property>(value: T): T;
export function withoutSecretMarks(value: Property): Property {
  if (Array.isArray(value)) return value.map((item) => withoutSecretMarks(item));
  if (!isMap(value)) return value;
  if (isSecret(value)) return withoutSecretMarks(value["value"] ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecretMarks(item)]));
}

/** Component arguments arrive as output values with dependencies; this turns them into plain or secret values. */
export function withoutOutputMarks(value: Property): Property {
  if (Array.isArray(value)) return value.map(withoutOutputMarks);
  if (!isMap(value)) return value;
  if (value[signatureKey] === outputSignature) {
    const inner = "value" in value ? withoutOutputMarks(value["value"] ?? null) : unknown;
    return value["secret"] === true ? secret(inner) : inner;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutOutputMarks(item)]));
}

/** The URNs that the output values inside a component argument depend on. */
export function outputDependencies(value: Property): string[] {
  if (Array.isArray(value)) return value.flatMap(outputDependencies);
  if (!isMap(value)) return [];
  const own = value[signatureKey] === outputSignature ? ((value["dependencies"] ?? []) as string[]) : [];
  return [...own, ...Object.values(value).flatMap(outputDependencies)];
}

export function isAsset(value: unknown): boolean {
  return isMap(value) && (value[signatureKey] === assetSignature || value[signatureKey] === archiveSignature);
}

export function resourceReference(urn: string, id: string, packageVersion: string): Property {
  return { [signatureKey]: resourceSignature, urn, id: id || unknown, packageVersion };
}

export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => key in right && equal(left[key], right[key]))
    );
  }
  return false;
}
