import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar, visit } from "yaml";
import { type Finding, unreadable } from "./finding";
import type { KubernetesObject, LocatedObject } from "./object";
import { ambiguousWord, readPlainYaml } from "./plain-yaml";

/** Kubernetes still reads 0644 as octal, as YAML 1.1 did; YAML 1.2 would make it 644. */
const octal = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text: string) => Number.parseInt(text, 8),
} as const;

/** Text in YAML 1.2, but a boolean for the parsers that still read YAML 1.1. */
const ambiguous = /^(yes|no|on|off)$/i;

/** One YAML document: its value, and where it and its parts stand. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  readonly value: unknown;
  lineAt(offset: number): number;
}

/** What a file says, or why it cannot be trusted to say it. */
export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Finding[];
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.replace(/ at line \d+.*$/, "");
}

function ambiguousWords(document: Document.Parsed, file: string, lines: LineCounter): Finding[] {
  const problems: Finding[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || node.type !== Scalar.PLAIN || !ambiguous.test(node.source ?? "")) return;
      const text = node.source;
      const message = `${text} is text here but a boolean for older parsers; write "${text}", true or false`;
      problems.push(unreadable(file, message, lines.linePos(node.range![0]).line));
    },
  });
  return problems;
}

function syntaxErrors(document: Document.Parsed, file: string, lines: LineCounter): Finding[] {
  return [...document.errors, ...document.warnings].map((error) =>
    unreadable(file, `is not strict YAML 1.2: ${firstLine(error.message)}`, lines.linePos(error.pos[0]).line),
  );
}

/** Documents of a YAML or JSON text, read strictly: anything that two parsers could read differently is a problem. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: "1.2",
    strict: true,
    // YAML 1.2 has no merge keys, but Kubernetes and kustomize read them.
    merge: true,
    uniqueKeys: true,
    lineCounter: lines,
    customTags: (tags) => [octal, ...tags],
  });
  if (!Array.isArray(parsed)) return { documents: [], problems: [] };
  const checks = ambiguousWord.test(text) ? [syntaxErrors, ambiguousWords] : [syntaxErrors];
  const problems = parsed.flatMap((document) => checks.flatMap((check) => check(document, file, lines)));
  if (problems.length > 0) return { documents: [], problems };
  try {
    const documents = parsed.map((document) => ({
      document,
      value: document.toJS({ maxAliasCount: 100 }) as unknown,
      lineAt: (offset: number) => lines.linePos(offset).line,
    }));
    return { documents, problems: [] };
  } catch (error) {
    return {
      documents: [],
      problems: [unreadable(file, `cannot be expanded: ${firstLine((error as Error).message)}`)],
    };
  }
}

function isObject(value: unknown): value is KubernetesObject {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return typeof apiVersion === "string" && apiVersion !== "" && typeof kind === "string" && kind !== "";
}

/** A list stands for its items: a JSON array, or any kind that ends in List. */
function items(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(items);
  if (isObject(value) && value.kind.endsWith("List") && Array.isArray(value["items"])) {
    return value["items"].flatMap(items);
  }
  return [value];
}

interface Located {
  readonly value: unknown;
  readonly line: number;
}

function locatedValues({ documents }: YamlFile): Located[] {
  return documents.map(({ document, value, lineAt }) => ({
    value,
    line: lineAt(document.contents?.range[0] ?? 0),
  }));
}

/** Kubernetes objects of a YAML or JSON text, read strictly. */
export function readObjects(
  text: string,
  file: string,
): { objects: readonly LocatedObject[]; problems: readonly Finding[] } {
  const plain = readPlainYaml(text);
  const strict = plain ? undefined : readYaml(text, file);
  if (strict && strict.problems.length > 0) return { objects: [], problems: strict.problems };
  const objects: LocatedObject[] = [];
  const wrong: Finding[] = [];
  for (const { value, line } of plain ?? locatedValues(strict!)) {
    if (value === null || value === undefined) continue;
    for (const object of items(value)) {
      if (isObject(object)) objects.push({ object, file, line });
      else wrong.push(unreadable(file, "is not a Kubernetes object: apiVersion and kind are needed", line));
    }
  }
  if (objects.length === 0 && wrong.length === 0) wrong.push(unreadable(file, "holds no object"));
  return { objects, problems: wrong };
}

/** The line of the value at a path inside a document, for messages. */
export function lineOf(yaml: YamlDocument, path: readonly (string | number)[]): number {
  const node = yaml.document.getIn(path, true);
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return yaml.lineAt(range?.[0] ?? 0);
}

/** The line of a key at the top of a document, for messages. */
export function lineOfKey({ document, lineAt }: YamlDocument, key: string): number {
  const pairs = isMap(document.contents) ? document.contents.items : [];
  const found = pairs.map((pair) => pair.key).find((each) => isScalar(each) && each.value === key);
  return lineAt(isScalar(found) ? (found.range?.[0] ?? 0) : 0);
}
