import type { KubernetesObject } from "./rule";
import { fields, text } from "./fields";
import { UnknownValueError } from "./unknown-value";

/** Stands where a Secret's value was. */
export const redacted = "[redacted]";

/** Keys of Argo CD's Secrets that say where and how, not who: these may be judged and shown. */
const openKeys = new Set([
  "name",
  "server",
  "namespaces",
  "clusterResources",
  "project",
  "shard",
  "url",
  "type",
  "insecure",
  "insecureIgnoreHostKey",
  "enableLfs",
  "enableOCI",
  "forceHttpBasicAuth",
]);

/** Of the `config` of a cluster Secret, only how TLS is done. */
function openConfig(config: string): string {
  try {
    const { tlsClientConfig } = JSON.parse(config) as { tlsClientConfig?: unknown };
    const { insecure, serverName, caData } = fields(tlsClientConfig);
    return JSON.stringify({
      tlsClientConfig: { insecure, serverName, ...(caData === undefined ? {} : { caData: redacted }) },
    });
  } catch {
    return "[unreadable]";
  }
}

function decoded(value: unknown, isBase64: boolean): string {
  return isBase64 ? Buffer.from(text(value), "base64").toString("utf8") : text(value);
}

function redactValues(values: unknown, isBase64: boolean, isArgoCd: boolean): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(fields(values)))) {
    if (property.get) {
      // Not known yet; reading it must go on saying so.
      Object.defineProperty(result, key, property);
    } else if (isArgoCd && key === "config") {
      result[key] = encode(openConfig(decoded(property.value, isBase64)), isBase64);
    } else {
      result[key] = isArgoCd && openKeys.has(key) ? property.value : encode(redacted, isBase64);
    }
  }
  return result;
}

function encode(value: string, isBase64: boolean): string {
  return isBase64 ? Buffer.from(value, "utf8").toString("base64") : value;
}

/** The object as rules may see it: a Secret without its values. */
export function withoutSecrets(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Secret") return object;
  const isArgoCd = fields(object.metadata?.labels)["argocd.argoproj.io/secret-type"] !== undefined;
  // Not a copy of the values: reading one that is not known yet must go on saying so.
  const properties = Object.getOwnPropertyDescriptors(object);
  const redact = (key: "data" | "stringData", isBase64: boolean) => {
    const property = properties[key];
    if (property?.value !== undefined) property.value = redactValues(property.value, isBase64, isArgoCd);
  };
  redact("data", true);
  redact("stringData", false);
  const { annotations } = object.metadata ?? {};
  const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
  if (annotations?.[lastApplied] !== undefined) {
    properties.metadata!.value = {
      ...object.metadata,
      annotations: { ...annotations, [lastApplied]: redacted },
    };
  }
  return Object.defineProperties({}, properties);
}

/** Nothing where `stringData` is not known yet and `data` has the key: what is written then is judged then, once more. */
function plainValue(secret: KubernetesObject, key: string): unknown {
  try {
    return fields(secret.stringData)[key];
  } catch (error) {
    if (error instanceof UnknownValueError && fields(secret.data)[key] !== undefined) return undefined;
    throw error;
  }
}

/** The value of an open key of a Secret, whether it was written as `data` or as `stringData`. */
export function openValue(secret: KubernetesObject, key: string): string {
  const plain = plainValue(secret, key);
  return plain === undefined ? decoded(fields(secret.data)[key], true) : text(plain);
}

/** The keys that a Secret holds. */
export function secretKeys(secret: KubernetesObject): readonly string[] {
  return [...Object.keys(fields(secret.data)), ...Object.keys(fields(secret.stringData))];
}
