import { CORE_SCHEMA, Type, loadAll } from "js-yaml";
import { isMap } from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import type { KubernetesObject } from "../kubernetes/objects/object";

// Kubernetes reads YAML 1.1: `yes` and `off` are booleans, 0400 is octal; dates stay texts.
const bool = new Type("tag:yaml.org,2002:bool", {
  kind: "scalar",
  resolve: (value: unknown) =>
    typeof value === "string" &&
    /^(yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/.test(value),
  construct: (value: string) => /^(yes|true|on)$/i.test(value),
});

const integer = new Type("tag:yaml.org,2002:int", {
  kind: "scalar",
  resolve: (value: unknown) =>
    typeof value === "string" && /^[-+]?(0|[1-9][\d_]*|0o?[0-7_]+|0x[\da-fA-F_]+|0b[01_]+)$/.test(value),
  construct: (value: string) => {
    const sign = value.startsWith("-") ? -1 : 1;
    const digits = value.replace(/^[-+]/, "").replaceAll("_", "");
    return sign * Number(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  },
});

const merge = new Type("tag:yaml.org,2002:merge", {
  kind: "scalar",
  resolve: (value: unknown) => value === "<<",
});

const schema = CORE_SCHEMA.extend({ implicit: [bool, integer, merge] });

/** The objects of a manifest, those inside lists included. Throws for a document that is no Kubernetes object. */
export function parseManifest(yaml: string): KubernetesObject[] {
  const documents = loadAll(yaml, undefined, { schema, json: true }) as Property[];
  return documents.filter((document) => isMap(document) && Object.keys(document).length > 0).flatMap(expand);
}

function expand(document: Property): KubernetesObject[] {
  const object = document as KubernetesObject;
  if (Array.isArray(object["items"])) return object["items"].flatMap(expand);
  const { apiVersion, kind, metadata } = object;
  if (!apiVersion || !kind) {
    throw new Error(`Kubernetes resources require a kind and apiVersion: \`${excerpt(object)}\``);
  }
  if (!isMap(metadata) || !metadata["name"]) {
    throw new Error(`Kubernetes resources require a .metadata.name: \`${excerpt(object)}\``);
  }
  return [object];
}

function excerpt(object: KubernetesObject): string {
  const text = JSON.stringify({
    apiVersion: object["apiVersion"],
    kind: object["kind"],
    metadata: object["metadata"],
  });
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** A values file: one document, empty or a map. */
export function parseValues(yaml: string): PropertyMap {
  const [document] = loadAll(yaml, undefined, { schema, json: true }) as Property[];
  if (document === undefined || document === null) return {};
  if (!isMap(document)) throw new Error("a values file must hold a map of values");
  return document;
}
