import { isMap, isScalar, parseDocument, type Pair, Scalar, visit, type YAMLMap } from "yaml";
import { CliError } from "../errors";
import type { Image } from "./image";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const repositoryPattern = /^[a-z0-9]+([.-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const digestPattern = /^sha256:[a-f0-9]{64}$/;

type Fields = Record<string, Pair<Scalar, Scalar>>;

function fail(path: string, what: string): never {
  throw new CliError(`${path}: ${what}`);
}

function conflictSides(text: string): string[] {
  return [...text.matchAll(/^\s*newTag:\s*(.+)$/gm)].map(([, tag]) => tag!.trim());
}

function refuseUnsafeText(text: string, path: string): void {
  if (/^(<{7}|={7}|>{7})/m.test(text)) {
    const [ours = "?", theirs = "?"] = conflictSides(text);
    fail(
      path,
      `has a merge conflict between newTag ${ours} and newTag ${theirs}; decide for one and commit it`,
    );
  }
  if (text.startsWith("\uFEFF")) fail(path, "begins with a byte order mark; save it as UTF-8 without one");
  if (text.includes("\r")) fail(path, "has Windows line ends; save it with LF line ends");
}

function parseStrictly(text: string, path: string): YAMLMap {
  refuseUnsafeText(text, path);
  const document = parseDocument(text, { version: "1.2", strict: true, uniqueKeys: true });
  const [error] = [...document.errors, ...document.warnings];
  if (error?.code === "MULTIPLE_DOCS") fail(path, "has several YAML documents; keep one");
  if (error) fail(path, `is not strict YAML 1.2: ${error.message.split("\n")[0]}`);
  if (document.contents === null) fail(path, "is empty; state the ImageTagTransformer of the service");
  visit(document, {
    Alias: () => fail(path, "uses a YAML alias; write the value out"),
    Node: (_, node) =>
      "anchor" in node && node.anchor ? fail(path, "uses a YAML anchor; write the value out") : undefined,
  });
  if (!isMap(document.contents)) {
    fail(path, "is not a YAML map; state the ImageTagTransformer of the service");
  }
  return document.contents as YAMLMap;
}

/** The entries of a map by key; every value a scalar, no key outside `allowed`. */
function scalarFields(map: YAMLMap, allowed: readonly string[], path: string, prefix: string): Fields {
  return Object.fromEntries(
    map.items.map((pair) => {
      const key = isScalar(pair.key) ? String(pair.key.value) : "?";
      if (!allowed.includes(key))
        fail(path, `${prefix}${key} is not a key of this file; remove it (allowed: ${allowed.join(", ")})`);
      if (!isScalar(pair.value)) fail(path, `${prefix}${key} must be a single value`);
      return [key, pair as Pair<Scalar, Scalar>];
    }),
  );
}

function imageTagFields(text: string, path: string): Fields {
  const root = parseStrictly(text, path);
  for (const [key, expected] of [
    ["apiVersion", "builtin"],
    ["kind", "ImageTagTransformer"],
  ] as const) {
    if (root.get(key) !== expected) fail(path, `${key} must be ${expected}`);
  }
  const imageTag = root.get("imageTag", true);
  if (!isMap(imageTag)) fail(path, "imageTag is missing; set imageTag.name and imageTag.newTag");
  if (imageTag.flow) fail(path, "imageTag is written in braces; write one key per line");
  return scalarFields(imageTag, ["name", "newTag", "digest"], path, "imageTag.");
}

function isQuoted(scalar: Scalar): boolean {
  return scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE;
}

function readName(fields: Fields, path: string): string {
  const name = fields["name"]?.value?.value;
  if (typeof name !== "string" || !repositoryPattern.test(name)) {
    fail(
      path,
      `imageTag.name "${String(name ?? "")}" is not an image repository; write it in lower case without tag, like ghcr.io/platform/bff`,
    );
  }
  return name;
}

function readTag(fields: Fields, path: string): string {
  const scalar = fields["newTag"]?.value;
  const tag = scalar?.value;
  if (tag === undefined || tag === null || tag === "")
    fail(path, "imageTag.newTag is missing or empty; set the version to deliver");
  if (!scalar || !isQuoted(scalar))
    fail(path, `imageTag.newTag ${scalar?.source} must be quoted, or YAML reads 1.10 as the number 1.1`);
  if (typeof tag !== "string" || !tagPattern.test(tag)) {
    fail(
      path,
      `imageTag.newTag "${String(tag)}" is not an image tag; use at most 128 letters, digits and . _ -`,
    );
  }
  if (tag === "latest") fail(path, 'imageTag.newTag "latest" names no version; set the exact version');
  return tag;
}

function readDigest(fields: Fields, path: string): string | undefined {
  if (!fields["digest"]) return undefined;
  const digest = fields["digest"].value?.value;
  if (typeof digest !== "string" || !digestPattern.test(digest)) {
    fail(
      path,
      `imageTag.digest "${String(digest ?? "")}" is not a digest; write sha256: and 64 hexadecimal digits`,
    );
  }
  return digest;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function replaceScalar(scalar: Scalar, text: string): Edit {
  const [start, end] = scalar.range!;
  return { start, end, text };
}

function quoted(tag: string, scalar: Scalar): string {
  return scalar.type === Scalar.QUOTE_SINGLE ? `'${tag}'` : `"${tag}"`;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

function digestEdit(text: string, fields: Fields, digest: string | undefined): Edit[] {
  const present = fields["digest"];
  if (present && digest) return [replaceScalar(present.value!, digest)];
  if (present) {
    const at = present.key.range![0];
    return [{ start: lineStart(text, at), end: lineEnd(text, at), text: "" }];
  }
  if (!digest) return [];
  const keyAt = fields["newTag"]!.key.range![0];
  const indent = text.slice(lineStart(text, keyAt), keyAt);
  const end = lineEnd(text, keyAt);
  const needsBreak = !text.slice(0, end).endsWith("\n");
  return [{ start: end, end, text: `${needsBreak ? "\n" : ""}${indent}digest: ${digest}\n` }];
}

/** An `image.yaml` that was read. */
export interface ImageFile {
  readonly image: Image;
  readonly text: string;
  /**
   * The same text with another tag and digest; every other byte stays, comments and quotes included.
   *
   * @throws CliError for an image of another repository.
   */
  withImage(image: Image): string;
}

/**
 * Reads an `image.yaml`.
 *
 * @param path names the file in errors.
 * @throws CliError for anything that kustomize and a reader could understand differently.
 */
export function parseImageFile(text: string, path: string): ImageFile {
  const fields = imageTagFields(text, path);
  const image = {
    name: readName(fields, path),
    tag: readTag(fields, path),
    digest: readDigest(fields, path),
  };
  return { image, text, withImage: (next) => replace(text, fields, image, next, path) };
}

function replace(text: string, fields: Fields, present: Image, next: Image, path: string): string {
  if (present.name !== next.name) {
    fail(
      path,
      `imageTag.name is ${present.name}, but the image to deliver is ${next.name}; promote moves versions, not repositories`,
    );
  }
  const tag = fields["newTag"]!.value!;
  const edits = [replaceScalar(tag, quoted(next.tag, tag)), ...digestEdit(text, fields, next.digest)];
  return edits
    .sort((left, right) => right.start - left.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

/** The image that an `image.yaml` states; see `parseImageFile`. */
export function readImage(text: string, path: string): Image {
  return parseImageFile(text, path).image;
}
