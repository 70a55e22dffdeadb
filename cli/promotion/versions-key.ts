import { isMap, isScalar, parseDocument, stringify, type Node, type Pair, type YAMLMap } from "yaml";
import { z } from "zod";
import { exactVersion } from "../../config/formats";
import { CliError } from "../errors";

export const versionsKey = "gitops-platform:versions";

/** What of the platform itself an environment runs; see docs/decisions/0021. */
const versionsSchema = z.strictObject({
  /** Exact version per chart, by the chart's own name. */
  charts: z.record(
    z.string(),
    z.string().regex(exactVersion, "is not an exact version; write it like 1.2.3"),
  ),
  /** Oldest version of the policy pack that may judge the stack. */
  policy: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is not an exact version; write it like 1.2.3")
    .optional(),
});

export type Versions = z.output<typeof versionsSchema>;

function configOf(text: string, path: string): YAMLMap<Node, Node> {
  const document = parseDocument(text, { version: "1.2", uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw new CliError(`${path}: ${error.message.split("\n")[0]}`);
  const config = document.get("config", true);
  if (!isMap(config)) throw new CliError(`${path}: config is missing; it holds what the stack says`);
  return config as YAMLMap<Node, Node>;
}

function pairOf(config: YAMLMap<Node, Node>): Pair<Node, Node | null> | undefined {
  return config.items.find(({ key }) => isScalar(key) && key.value === versionsKey);
}

/** @throws CliError where the key is missing or does not hold exact versions. */
export function readVersions(text: string, path: string): Versions {
  const pair = pairOf(configOf(text, path));
  if (!pair)
    throw new CliError(`${path}: ${versionsKey} is missing; state the chart versions that this stack runs`);
  const parsed = versionsSchema.safeParse(pair.value && toPlain(pair.value), { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = [versionsKey, ...(issue?.path.map(String) ?? [])].join(".");
  throw new CliError(`${path}: ${key}: ${issue?.message}; found ${JSON.stringify(issue?.input)}`);
}

function toPlain(node: Node): unknown {
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String((key as { value: unknown }).value), toPlain(value as Node)]),
    );
  }
  return isScalar(node) ? node.value : undefined;
}

/** Offset after the line on which the last scalar below a node ends. */
function endOf(node: Node, text: string): number {
  const last = isMap(node) ? (node.items.at(-1)?.value as Node | undefined) : undefined;
  if (last) return endOf(last, text);
  const end = text.indexOf("\n", node.range![1] - 1);
  return end === -1 ? text.length : end + 1;
}

/** The same text with other versions; every byte outside the key stays. */
export function replaceVersions(text: string, versions: Versions, path: string): string {
  const config = configOf(text, path);
  const first = config.items[0]!.key.range![0];
  const indent = text.slice(text.lastIndexOf("\n", first - 1) + 1, first);
  const block = stringify({ [versionsKey]: versions }, { indent: 2 })
    .trimEnd()
    .split("\n")
    .map((line) => `${indent}${line}\n`)
    .join("");
  const pair = pairOf(config);
  if (!pair) {
    const end = endOf(config, text);
    return `${text.slice(0, end)}${text.slice(0, end).endsWith("\n") ? "" : "\n"}${block}${text.slice(end)}`;
  }
  const start = text.lastIndexOf("\n", pair.key.range![0] - 1) + 1;
  return text.slice(0, start) + block + text.slice(endOf(pair.value ?? pair.key, text));
}
