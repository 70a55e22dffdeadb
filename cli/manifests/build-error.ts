import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { at, list, text } from "../../policy-pack/fields";
import { type Finding, unreadable } from "./finding";
import type { Kustomization } from "./kustomization";
import { nameOf } from "./object";
import { lineOf, readObjects } from "./yaml";

/** An object as kustomize names it: `Deployment.v1.apps/bff.[noNs]`. */
const identity =
  /(already registered id: |no matches for Id )(\w+)\.\w+\.(?:\[noGrp\]|[\w.-]+?)\/([\w.-]+)\.(?:\[noNs\]|[\w-]+)/;

interface Place {
  readonly file: string;
  readonly line: number;
}

const generators: Readonly<Record<string, string>> = {
  configMapGenerator: "ConfigMap",
  secretGenerator: "Secret",
};

/** Where an object is written, or generated. */
async function placesOf(
  kind: string,
  name: string,
  { file, fields, files, yaml }: Kustomization,
  cwd: string,
): Promise<Place[]> {
  const texts = await Promise.all(
    files.map(async (path) => [path, await readFile(resolve(cwd, path), "utf8")] as const),
  );
  const written = texts
    .flatMap(([path, content]) => readObjects(content, path).objects)
    .filter(({ object }) => object.kind === kind && nameOf(object) === name)
    .map((located) => ({ file: located.file, line: located.line ?? 1 }));
  const generated = Object.keys(generators)
    .filter((field) => generators[field] === kind)
    .flatMap((field) =>
      list(fields[field]).flatMap((generator, index) =>
        text(at(generator, "name")) === name ? [{ file, line: lineOf(yaml, [field, index]) }] : [],
      ),
    );
  return [...written, ...generated];
}

/** Where a patch of an object is listed. */
async function patchesOf(
  kind: string,
  name: string,
  { file, fields, yaml }: Kustomization,
  cwd: string,
): Promise<Place[]> {
  const lists = ["patches", "patchesStrategicMerge"].flatMap((field) =>
    list(fields[field]).map((patch, index) => ({ patch, path: [field, index] })),
  );
  const found = await Promise.all(
    lists.map(async ({ patch, path }) => {
      const inline = typeof patch === "string" ? "" : text(at(patch, "patch"));
      const source = typeof patch === "string" ? patch : text(at(patch, "path"));
      const content =
        inline || (await readFile(resolve(cwd, dirname(file), source), "utf8").catch(() => source));
      const patches = readObjects(content, file).objects;
      const fits = patches.some(({ object }) => object.kind === kind && nameOf(object) === name);
      return fits ? [{ file, line: lineOf(yaml, path) }] : [];
    }),
  );
  return found.flat();
}

/**
 * The line that made kustomize refuse a build; undefined where its message does not lead to one.
 *
 * @param cwd paths of the kustomizations are relative to it.
 */
export async function locateBuildError(
  message: string,
  kustomizations: readonly Kustomization[],
  cwd: string,
): Promise<Finding | undefined> {
  const [, what, kind, name] = identity.exec(message) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const find = async (search: typeof placesOf) =>
    (await Promise.all(kustomizations.map((each) => search(kind, name, each, cwd)))).flat();
  if (what === "no matches for Id ") {
    const [patch] = await find(patchesOf);
    const problem = `patches ${kind} ${name}, but the build has no such object; correct the patch or remove it`;
    return patch && unreadable(patch.file, problem, patch.line);
  }
  const [first, second] = await find(placesOf);
  if (!first || !second) return undefined;
  const problem = `brings ${kind} ${name} a second time, after ${first.file}:${first.line}; keep one`;
  return unreadable(second.file, problem, second.line);
}
