import { z } from "zod";
import { stackSchema } from "../../config/schema";

interface Node {
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

function keysOf(node: Node, path: string): string[] {
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (choices.length > 0) return choices.flatMap((choice) => keysOf(choice, path));
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([key, child]) =>
      keysOf(child, path === "" ? key : `${path}.${key}`),
    );
  }
  if (node.items) return keysOf(node.items, `${path}[]`);
  const { additionalProperties } = node;
  if (additionalProperties && typeof additionalProperties === "object")
    return keysOf(additionalProperties, `${path}.<name>`);
  return [path];
}

/** Every key that a stack may set, as a path; `[]` stands for an entry of a list, `<name>` for a name of one's own. */
export function schemaKeys(): string[] {
  const schema = z.toJSONSchema(stackSchema, { io: "input", unrepresentable: "any" }) as Node;
  return [...new Set(keysOf(schema, ""))];
}
