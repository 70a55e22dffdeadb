import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SchemaNode } from "../policy-pack/schemas/node";

const folder = resolve(__dirname, "../policy-pack/schemas");

type JsonSchema = Record<string, unknown>;

const scalars: Record<string, JsonSchema> = {
  s: { type: ["string", "null"] },
  b: { type: ["boolean", "null"] },
  i: { type: ["integer", "null"] },
  n: { type: ["number", "null"] },
  q: { type: ["string", "number", "null"] },
  o: { type: ["object", "null"] },
  x: {},
};

function mapValues(values: Readonly<Record<string, SchemaNode>>): JsonSchema {
  return Object.fromEntries(Object.entries(values).map(([name, node]) => [name, toJsonSchema(node)]));
}

function pointer(name: string): string {
  return `#/definitions/${encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))}`;
}

function toJsonSchema(node: SchemaNode): JsonSchema {
  if (typeof node === "string") return scalars[node]!;
  if ("$" in node) return { $ref: pointer(node.$) };
  if ("e" in node) return { enum: [...node.e, null] };
  if ("a" in node) return { type: ["array", "null"], items: toJsonSchema(node.a) };
  if ("m" in node) return { type: ["object", "null"], additionalProperties: toJsonSchema(node.m) };
  return {
    type: ["object", "null"],
    properties: mapValues(node.p),
    ...("r" in node && node.r ? { required: node.r } : {}),
    additionalProperties: "u" in node,
  };
}

/** Names of the schemas that a schema leads to, itself included. */
function reachable(
  name: string,
  nodes: ReadonlyMap<string, SchemaNode>,
  seen = new Set<string>(),
): Set<string> {
  const node = nodes.get(name);
  if (!node || seen.has(name)) return seen;
  seen.add(name);
  for (const [, next] of JSON.stringify(node).matchAll(/"\$":"([^"]+)"/g)) reachable(next!, nodes, seen);
  return seen;
}

/** Writes the schemas by which `platform check` judges in the form that kubeconform reads, each complete in itself. */
export function writeKubeconformSchemas(target: string): void {
  mkdirSync(target, { recursive: true });
  const lines = ["kubernetes.ndjson", "custom-resources.ndjson"].flatMap((file) =>
    readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean),
  );
  const nodes = new Map(lines.map((line) => JSON.parse(line) as [string, SchemaNode]));
  nodes.delete("origin");
  for (const name of nodes.keys()) {
    // "apps/v1 Deployment" is asked for as deployment-apps-v1.json, "v1 Service" as service-v1.json.
    const [apiVersion, kind] = name.split(" ");
    if (!kind || !apiVersion) continue;
    const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]!.split(".")[0]}-` : "";
    const file = `${kind.toLowerCase()}-${group}${apiVersion.split("/").at(-1)}.json`;
    const needed = [...reachable(name, nodes)].map((each) => [each, toJsonSchema(nodes.get(each)!)] as const);
    writeFileSync(
      join(target, file),
      JSON.stringify({ $ref: pointer(name), definitions: Object.fromEntries(needed) }),
    );
  }
}
