import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, elements, isSet, text, type Fields } from "../fields";
import { UnknownValueError } from "../unknown-value";
import type { SchemaNode } from "./node";
import { shortenResource } from "./shorten";

/** One way in which an object does not fit the schema of its kind. */
export interface SchemaProblem {
  readonly path: string;
  readonly problem: string;
  readonly reason: "unknown-field" | "type" | "required" | "api-version" | "unknown-kind";
}

/** The lines of the generated files by name; a schema is parsed when its kind is first met. */
function readLines(): Map<string, string> {
  const lines = new Map<string, string>();
  for (const file of ["kubernetes.ndjson", "custom-resources.ndjson"]) {
    for (const line of readFileSync(join(__dirname, file), "utf8").split("\n")) {
      if (line !== "" && !line.startsWith('["origin"')) lines.set(line.slice(2, line.indexOf('"', 2)), line);
    }
  }
  return lines;
}

let lines: Map<string, string> | undefined;
const parsed = new Map<string, SchemaNode>();

function schemaLines(): Map<string, string> {
  return (lines ??= readLines());
}

function schemaNamed(name: string): SchemaNode | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const line = schemaLines().get(name);
  if (line === undefined) return undefined;
  const [, node] = JSON.parse(line) as [string, SchemaNode];
  parsed.set(name, node);
  return node;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

const scalars: Readonly<Record<string, { is: (value: unknown) => boolean; name: string }>> = {
  s: { is: (value) => typeof value === "string", name: "text" },
  b: { is: (value) => typeof value === "boolean", name: "true or false" },
  i: { is: Number.isInteger, name: "an integer" },
  n: { is: (value) => typeof value === "number", name: "a number" },
  q: { is: (value) => typeof value === "string" || typeof value === "number", name: "text or a number" },
  o: {
    is: (value) => typeof value === "object" && !Array.isArray(value),
    name: "an object",
  },
};

/** Stands for a value that is not known yet. It fits: that its field exists can be said already. */
const later = Symbol("later");

function valueOf(parent: object, key: string | number): unknown {
  try {
    return (parent as Record<string | number, unknown>)[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return later;
    throw error;
  }
}

class Walk {
  readonly problems: SchemaProblem[] = [];

  check(node: SchemaNode, value: unknown, path: string): void {
    // The API server treats null like an absent field.
    if (value === undefined || value === null || node === "x") return;
    if (typeof node === "string") {
      const scalar = scalars[node]!;
      if (!scalar.is(value)) this.wrongType(value, scalar.name, path);
    } else if ("$" in node) {
      this.check(schemaNamed(node.$) ?? "x", value, path);
    } else if ("e" in node) {
      if (!node.e.includes(value as string)) this.add(path, `is not one of ${node.e.join(", ")}`, "type");
    } else if ("a" in node) {
      if (!Array.isArray(value)) return this.wrongType(value, "a list", path);
      for (const index of value.keys()) this.child(node.a, value, index, `${path}[${index}]`);
    } else if (typeof value !== "object" || Array.isArray(value)) {
      this.wrongType(value, "an object", path);
    } else {
      this.object(node, value, path);
    }
  }

  private object(
    node: Extract<SchemaNode, { p: unknown } | { m: unknown }>,
    value: object,
    path: string,
  ): void {
    const prefix = path === "" ? "" : `${path}.`;
    for (const name of Object.keys(value)) {
      const childPath = /^[\w-]+$/.test(name) ? `${prefix}${name}` : `${path}["${name}"]`;
      if ("m" in node) {
        this.child(node.m, value, name, childPath);
      } else if (Object.hasOwn(node.p, name)) {
        this.child(node.p[name]!, value, name, childPath);
      } else if (!node.u) {
        this.add(childPath, "is not a field of this kind; the API server drops it", "unknown-field");
      }
    }
    if ("m" in node) return;
    for (const name of node.r ?? []) {
      if (!isSet(valueOf(value, name))) this.add(`${prefix}${name}`, "is required and missing", "required");
    }
  }

  private child(node: SchemaNode, parent: object, key: string | number, path: string): void {
    const value = valueOf(parent, key);
    if (value !== later) this.check(node, value, path);
  }

  private wrongType(value: unknown, wanted: string, path: string): void {
    this.add(path, `is ${typeName(value)}, not ${wanted}`, "type");
  }

  private add(path: string, problem: string, reason: SchemaProblem["reason"]): void {
    this.problems.push({ path, problem, reason });
  }
}

function isKubernetesGroup(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

function unknownKind(apiVersion: string, kind: string): SchemaProblem {
  const [group] = apiVersion.includes("/") ? apiVersion.split("/") : [""];
  const names = [...schemaLines().keys()].filter((name) => name.includes(" ") && !name.startsWith("#"));
  const groupOf = (name: string): string => (name.includes("/") ? name.split("/")[0]! : "");
  const served = names.filter((name) => name.endsWith(` ${kind}`));
  const sameGroup = served.filter((name) => groupOf(name) === group);
  const instead = (
    sameGroup.length > 0 ? sameGroup : served.filter((name) => isKubernetesGroup(groupOf(name)))
  ).map((name) => name.split(" ")[0]!);
  if (instead.length > 0 && (isKubernetesGroup(group!) || sameGroup.length > 0)) {
    const problem = `${apiVersion} does not serve ${kind}; it is served as ${instead.join(", ")}`;
    return { path: "apiVersion", problem, reason: "api-version" };
  }
  // Other groups may be shared by products of which only one is known, as argoproj.io is.
  const isComplete = isKubernetesGroup(group!) && names.some((name) => groupOf(name) === group);
  if (isComplete || !group!.includes(".")) {
    return { path: "kind", problem: `${apiVersion} serves no ${kind}`, reason: "api-version" };
  }
  return { path: "kind", problem: `no schema of ${apiVersion} ${kind} is known`, reason: "unknown-kind" };
}

function schemaName({ apiVersion, kind }: Fields): string {
  return `${text(apiVersion)} ${text(kind)}`;
}

/** The schemas that the definitions among some objects add, by API version and kind. */
export function definedSchemas(objects: readonly unknown[]): ReadonlyMap<string, SchemaNode> {
  const schemas = new Map<string, SchemaNode>();
  for (const definition of objects) {
    if (at(definition, "kind") !== "CustomResourceDefinition") continue;
    const group = text(at(definition, "spec", "group"));
    const kind = text(at(definition, "spec", "names", "kind"));
    for (const { fields: version } of elements(at(definition, "spec", "versions"), "")) {
      const schema = shortenResource(at(version, "schema", "openAPIV3Schema"));
      schemas.set(`${group}/${text(version.name)} ${kind}`, schema);
    }
  }
  return schemas;
}

/** Whether an object is of a kind of which nothing is known but that somebody may serve. */
export function isUnknownKind(object: Fields): boolean {
  const { apiVersion, kind } = object;
  const isKnown = schemaNamed(schemaName(object)) !== undefined;
  return !isKnown && unknownKind(text(apiVersion), text(kind)).reason === "unknown-kind";
}

/**
 * What of an object the API server would drop or refuse; nothing when it fits the schema of its kind.
 *
 * @param defined schemas beside those of the kinds that the platform uses.
 */
export function validateSchema(
  object: unknown,
  defined: ReadonlyMap<string, SchemaNode> = new Map(),
): SchemaProblem[] {
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    return [
      {
        path: "",
        problem: `is ${object === null ? "empty" : typeName(object)}, not an object`,
        reason: "type",
      },
    ];
  }
  const { apiVersion, kind } = object as Record<string, unknown>;
  for (const [name, value] of Object.entries({ apiVersion, kind })) {
    if (typeof value !== "string" || value === "") {
      return [{ path: name, problem: "is required and missing", reason: "required" }];
    }
  }
  const name = schemaName({ apiVersion, kind });
  const schema = schemaNamed(name) ?? defined.get(name);
  if (!schema) return [unknownKind(apiVersion as string, kind as string)];
  const walk = new Walk();
  walk.check(schema, object, "");
  return walk.problems;
}
