import { containsUnknown, isMap, without } from "../../protocol/properties";
import type { Property, PropertyMap } from "../../protocol/properties";
import { normalizeQuantity } from "./quantity";
import { isCrd, isSecretObject, kindOf, withoutMetadata } from "./object";
import type { KubernetesObject } from "./object";

const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
] as const;

/** Gives inputs that mean the same to the API server the same form, so that they do not differ from each other. */
export function normalize(object: KubernetesObject): KubernetesObject {
  const normalized = containsUnknown(object) ? object : normalizeKnown(object);
  return withoutMetadata(normalized, readOnlyMetadata);
}

function normalizeKnown(object: KubernetesObject): KubernetesObject {
  if (isCrd(object)) return normalizeCrd(object);
  if (isSecretObject(object)) return normalizeSecret(object);
  return isBuiltIn(object) ? (normalizeTyped(object, "") as KubernetesObject) : object;
}

const builtInGroups = new Set([
  "",
  "apps",
  "autoscaling",
  "batch",
  "policy",
  ...[
    "admissionregistration",
    "apiregistration",
    "authentication",
    "authorization",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
    "networking",
    "node",
    "rbac.authorization",
    "resource",
    "scheduling",
    "storage",
    "storagemigration",
  ].map((name) => `${name}.k8s.io`),
]);

// APIService is built in, yet the official provider has no Go type for it and leaves it alone.
function isBuiltIn(object: KubernetesObject): boolean {
  const { group, kind } = kindOf(object);
  return builtInGroups.has(group) && kind !== "APIService";
}

/** Whether the SDK has a class for the kind. */
export function isKnownKind(object: KubernetesObject): boolean {
  return isCrd(object) || builtInGroups.has(kindOf(object).group);
}

function normalizeCrd(object: KubernetesObject): KubernetesObject {
  const rest = without(object, "status");
  if (!isMap(rest["spec"]) || rest["spec"]["preserveUnknownFields"] !== false) return rest;
  return { ...rest, spec: without(rest["spec"], "preserveUnknownFields") };
}

/** The API server turns `stringData` into `data` and encodes `data` anew. */
function normalizeSecret(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object;
  const data = isMap(rest["data"]) ? rest["data"] : {};
  if (isMap(stringData) && Object.keys(stringData).length > 0) {
    const encoded = Object.entries(stringData).map(([key, value]) => [key, encode(String(value))]);
    return { ...rest, data: { ...data, ...Object.fromEntries(encoded) } };
  }
  if (Object.keys(data).length === 0) return object;
  const trimmed = Object.entries(data).map(([key, value]): [string, Property] => [key, recode(value)]);
  return { ...object, data: Object.fromEntries(trimmed) };
}

function encode(value: string): string {
  return Buffer.from(value).toString("base64");
}

function recode(value: Property): Property {
  return typeof value === "string" && /^[A-Za-z0-9+/=\s]*$/.test(value)
    ? Buffer.from(value, "base64").toString("base64")
    : value;
}

/** Fields that hold a map of the user's own keys: nothing in them is a field of Kubernetes. */
const freeMaps = new Set([
  "annotations",
  "labels",
  "matchLabels",
  "nodeSelector",
  "data",
  "binaryData",
  "parameters",
  "volumeAttributes",
  "attributes",
  "options",
]);

/** Maps whose values are quantities, and single quantities. */
const quantityMaps = new Set([
  "limits",
  "requests",
  "hard",
  "capacity",
  "overhead",
  "allocatable",
  "maxLimitRequestRatio",
]);
const quantities = new Set(["sizeLimit", "averageValue", "divisor"]);

/** Go fields that are not pointers and are left out when they are zero; every other false or 0 is kept. */
const droppedWhenFalse = new Set([
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "insecureSkipTLSVerify",
  "paused",
  "publishNotReadyAddresses",
  "readOnly",
  "stdin",
  "stdinOnce",
  "tty",
  "unschedulable",
]);
const droppedWhenZero = new Set([
  "failureThreshold",
  "generation",
  "hostPort",
  "initialDelaySeconds",
  "minReadySeconds",
  "nodePort",
  "periodSeconds",
  "successThreshold",
  "timeoutSeconds",
]);

/** Strings and lists that are written even when empty: required fields, and optional ones that Go holds by pointer. */
const keptWhenEmpty = new Set([
  "apiGroup",
  "clientIP",
  "containers",
  "host",
  "key",
  "kind",
  "mountPath",
  "name",
  "paths",
  "port",
  "rules",
  "serviceName",
  "storageClassName",
  "subsets",
  "targetPort",
  "topologyKey",
  "type",
]);

/** What a round trip through the Go type of a built-in kind leaves of a value. */
function normalizeTyped(value: Property, key: string): Property {
  if (Array.isArray(value)) return value.map((item) => normalizeTyped(item, key));
  if (!isMap(value)) return quantities.has(key) ? normalizeQuantity(value) : value;
  if (freeMaps.has(key) && isFreeMap(value)) return value;
  if (quantityMaps.has(key)) return mapValues(value, normalizeQuantity);
  const kept = Object.entries(value).filter(([name, item]) => !isLeftOut(name, item));
  return Object.fromEntries(kept.map(([name, item]) => [name, normalizeTyped(item, name)]));
}

function isFreeMap(value: PropertyMap): boolean {
  return Object.values(value).every((item) => !isMap(item) && !Array.isArray(item));
}

function mapValues(map: PropertyMap, change: (value: Property) => Property): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function isLeftOut(name: string, value: Property): boolean {
  if (value === null) return true;
  if (value === false) return droppedWhenFalse.has(name);
  if (value === 0) return droppedWhenZero.has(name);
  if (value === "" || (Array.isArray(value) && value.length === 0)) return !keptWhenEmpty.has(name);
  if (isMap(value) && Object.keys(value).length === 0) return freeMaps.has(name) || quantityMaps.has(name);
  return false;
}
