import { createHmac, randomBytes } from "node:crypto";
import { type Fields, fields, list } from "../../policy-pack/fields";
import type { KubernetesObject } from "./object";

/** Names under which people keep what nobody else should read. */
const secretName =
  /passw(or)?d|secret|token|api[-_]?key|private[-_]?key|credential|session[-_]?key|signing[-_]?key/i;

const credentialsInUrl = /([a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi;

/** A new key for each run, so that nobody can find out a masked value by trying. */
const key = randomBytes(32);

/** Says whether two values differ, and nothing else about them. */
function maskValue(value: unknown): string {
  const tag = createHmac("sha256", key).update(JSON.stringify(value)).digest("hex").slice(0, 8);
  return `(masked ${tag})`;
}

function maskAll(values: unknown): Fields {
  return Object.fromEntries(Object.entries(fields(values)).map(([name, value]) => [name, maskValue(value)]));
}

function maskNamed(values: unknown): Fields {
  return Object.fromEntries(
    Object.entries(fields(values)).map(([name, value]) => [
      name,
      secretName.test(name) ? maskValue(value) : value,
    ]),
  );
}

function maskVariable(variable: unknown): unknown {
  const { name, value, ...rest } = fields(variable);
  if (value === undefined || !secretName.test(String(name))) return variable;
  return { name, value: maskValue(value), ...rest };
}

/** Literal values of environment variables with a telling name, and credentials inside addresses, at any depth. */
function maskDeep(value: unknown): unknown {
  if (typeof value === "string") return value.replace(credentialsInUrl, "$1(masked)@");
  if (Array.isArray(value)) return value.map(maskDeep);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      name === "env" && Array.isArray(child) ? list(child).map(maskVariable).map(maskDeep) : maskDeep(child),
    ]),
  );
}

/** The object with everything replaced that a pull request must not show. */
export function maskSecrets(object: KubernetesObject): KubernetesObject {
  const { data, stringData, ...rest } = object;
  const masked = maskDeep(rest) as KubernetesObject;
  switch (object.kind) {
    case "Secret":
      return {
        ...masked,
        ...(data !== undefined && { data: maskAll(data) }),
        ...(stringData !== undefined && { stringData: maskAll(stringData) }),
      };
    case "SealedSecret": {
      const spec = fields(object["spec"]);
      return { ...masked, spec: { ...fields(masked["spec"]), encryptedData: maskAll(spec.encryptedData) } };
    }
    default:
      return data === undefined ? masked : { ...masked, data: maskDeep(maskNamed(data)) };
  }
}
