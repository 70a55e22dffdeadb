import { containsSecret, isMap, isSecret, secret, withoutSecretMarks } from "../../protocol/properties";
import type { Property, PropertyMap } from "../../protocol/properties";
import { text } from "./object";
import type { KubernetesObject } from "./object";

const inputsKey = "__inputs";
const initialApiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

/** JSON Schema extensions of CRDs have dashes, which the SDKs cannot use as property names. */
const extensions = [
  "embedded-resource",
  "int-or-string",
  "list-map-keys",
  "list-type",
  "map-type",
  "preserve-unknown-fields",
  "validations",
].map((name) => `x-kubernetes-${name}`);
const underscored = new Map(extensions.map((name) => [name, name.replaceAll("-", "_")]));
const dashed = new Map(extensions.map((name) => [name.replaceAll("-", "_"), name]));

/** The Kubernetes object that a resource's properties stand for. */
export function toObject(properties: PropertyMap): KubernetesObject {
  return renameKeys(withoutSecretMarks(properties), dashed) as KubernetesObject;
}

function renameKeys(value: Property, names: Map<string, string>): Property {
  if (Array.isArray(value)) return value.map((item) => renameKeys(item, names));
  if (!isMap(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [names.get(key) ?? key, renameKeys(item, names)]));
}

/** The state of a resource: the live object, the inputs that made it, and how it was made. */
export interface Checkpoint {
  inputs: KubernetesObject;
  live: KubernetesObject;
  initialApiVersion: string;
  /** Empty when the state does not say. */
  fieldManager: string;
}

/** What the engine keeps. Whatever was secret in the inputs stays secret, and so does the content of every Secret. */
export function toState(checkpoint: Checkpoint, secretsFrom: PropertyMap): PropertyMap {
  const live = withSecrets(renameKeys(checkpoint.live, underscored) as PropertyMap, secretsFrom);
  const inputs = withSecrets(renameKeys(checkpoint.inputs, underscored) as PropertyMap, secretsFrom);
  return {
    ...live,
    [inputsKey]: inputs,
    [initialApiVersionKey]: checkpoint.initialApiVersion,
    [fieldManagerKey]: checkpoint.fieldManager,
  };
}

export function fromState(state: PropertyMap): Checkpoint {
  const {
    [inputsKey]: inputs,
    [initialApiVersionKey]: initialApiVersion,
    [fieldManagerKey]: fieldManager,
    ...live
  } = toObject(state);
  const oldInputs = isMap(inputs) ? inputs : {};
  return {
    inputs: oldInputs,
    live,
    initialApiVersion: text(initialApiVersion) || text(oldInputs["apiVersion"]),
    fieldManager: text(fieldManager),
  };
}

/** Marks as secret what is secret in `source`, and the content of every v1/Secret, also inside lists of objects. */
export function withSecrets(properties: PropertyMap, source: PropertyMap): PropertyMap {
  if (properties["kind"] === "Secret") return withSecretContent(properties);
  const entries = Object.entries(properties).map(([key, value]): [string, Property] => {
    const from = source[key];
    if (from === undefined) return [key, value];
    if (isMap(value) && isMap(from) && !isSecret(value) && !isSecret(from))
      return [key, withSecrets(value, from)];
    return [key, containsSecret(from) ? secret(value) : value];
  });
  return Object.fromEntries(entries);
}

function withSecretContent(properties: PropertyMap): PropertyMap {
  const mark = (key: string) => {
    const value = properties[key];
    return value === undefined ? {} : { [key]: secret(value) };
  };
  return { ...properties, ...mark("data"), ...mark("stringData") };
}
