import { at, fields, isOn, texts } from "../fields";
import type { SchemaNode } from "./node";

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Types whose form on the wire the OpenAPI document does not tell. */
const special: Readonly<Record<string, SchemaNode>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "q",
};

const scalars: Readonly<Record<string, SchemaNode>> = {
  string: "s",
  boolean: "b",
  integer: "i",
  number: "n",
};

/** An OpenAPI schema in short. */
export function shorten(schema: unknown): SchemaNode {
  const { type, items, properties, additionalProperties, $ref } = fields(schema);
  if (typeof $ref === "string") {
    const name = $ref.replace("#/definitions/", "");
    return special[name] ?? { $: name };
  }
  if (isOn(fields(schema)["x-kubernetes-int-or-string"])) return "q";
  const keepsUnknown = isOn(fields(schema)["x-kubernetes-preserve-unknown-fields"]);
  if (properties !== undefined) {
    const shortened = Object.entries(fields(properties)).map(
      ([name, child]) => [name, shorten(child)] as const,
    );
    const required = texts(fields(schema).required);
    return {
      p: Object.fromEntries(shortened),
      ...(required.length > 0 ? { r: required } : {}),
      ...(keepsUnknown ? { u: true as const } : {}),
    };
  }
  if (type === "array") return { a: shorten(items) };
  if (type === "object") {
    if (typeof additionalProperties === "object") return { m: shorten(additionalProperties) };
    return "o";
  }
  const values = at(schema, "enum");
  if (type === "string" && Array.isArray(values)) return { e: texts(values) };
  return (keepsUnknown ? undefined : scalars[typeof type === "string" ? type : ""]) ?? "x";
}

/** The schema of a whole object of a custom resource definition, whose metadata the definition leaves open. */
export function shortenResource(schema: unknown): SchemaNode {
  const node = shorten(schema);
  if (typeof node === "string" || !("p" in node)) return "o";
  return { ...node, p: { ...node.p, apiVersion: "s", kind: "s", metadata: { $: objectMeta } } };
}

/** Gives every part that occurs more than once a name, so that it is written once. */
export function shareParts(nodes: ReadonlyMap<string, SchemaNode>): Map<string, SchemaNode> {
  const seen = new Map<string, { count: number; name: string }>();
  const key = (node: SchemaNode): string => JSON.stringify(node);
  const children = (node: SchemaNode): readonly SchemaNode[] => {
    if (typeof node === "string") return [];
    if ("a" in node) return [node.a];
    if ("m" in node) return [node.m];
    return "p" in node ? Object.values(node.p) : [];
  };
  const count = (node: SchemaNode): void => {
    const text = key(node);
    if (text.length < 60) return;
    const entry = seen.get(text);
    if (entry) {
      entry.count += 1;
      return;
    }
    seen.set(text, { count: 1, name: `#${seen.size}` });
    children(node).forEach(count);
  };
  nodes.forEach((node) => children(node).forEach(count));

  const shared = new Map<string, SchemaNode>();
  const share = (node: SchemaNode): SchemaNode => {
    const entry = seen.get(key(node));
    if (!entry || entry.count < 2) return rebuild(node);
    if (!shared.has(entry.name)) shared.set(entry.name, rebuild(node));
    return { $: entry.name };
  };
  const rebuild = (node: SchemaNode): SchemaNode => {
    if (typeof node === "string") return node;
    if ("a" in node) return { a: share(node.a) };
    if ("m" in node) return { m: share(node.m) };
    if (!("p" in node)) return node;
    const properties = Object.entries(node.p).map(([name, child]) => [name, share(child)] as const);
    return { ...node, p: Object.fromEntries(properties) };
  };
  const resources = [...nodes].map(([name, node]) => [name, rebuild(node)] as const);
  return new Map([...resources, ...shared]);
}
