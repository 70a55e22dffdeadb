import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import type { Environment } from "../../config/environment";
import { type Finding, unreadable } from "./finding";
import { type Kustomization, readSources } from "./kustomization";
import { BuildError, buildKustomization } from "./kustomize";
import { groupOf, type KubernetesObject, type LocatedObject, nameOf } from "./object";
import { readObjects } from "./yaml";

/** A folder that Argo CD turns into the objects of one Application. */
export interface Build {
  /** Absolute path of the folder. */
  readonly directory: string;
  readonly environment: Environment;
  /** Folder name of the overlay: a service, or something all services share. */
  readonly service: string;
}

/** What a build reads and what comes out of it. */
export interface Rendered extends Build {
  /** Path of the folder as reports show it. */
  readonly path: string;
  /** Its own kustomization first, then those of its bases. */
  readonly kustomizations: readonly Kustomization[];
  readonly objects: readonly LocatedObject[];
  /** What kept it from being read or built; then there are no objects. */
  readonly problems: readonly Finding[];
}

/**
 * Builds one folder; what is wrong with it becomes a finding.
 *
 * @param root the repository: no build may read anything outside.
 * @param cwd paths in reports are relative to it.
 * @throws CliError when kustomize cannot be run at all.
 */
export async function render(build: Build, root: string, cwd: string): Promise<Rendered> {
  const path = relative(cwd, build.directory) || ".";
  const { kustomizations, problems } = await readSources(build.directory, root, cwd);
  const failed = (findings: readonly Finding[]) => ({
    ...build,
    path,
    kustomizations,
    objects: [],
    problems: findings,
  });
  if (problems.length > 0) return failed(problems);
  try {
    const output = readObjects(await buildKustomization(build.directory), path);
    return output.problems.length > 0
      ? failed(output.problems)
      : { ...build, path, kustomizations, objects: output.objects, problems: [] };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return failed([unreadable(path, `kustomize cannot build it: ${error.message}`)]);
  }
}

function sourceKey(object: KubernetesObject): string {
  // A generator adds ten characters of hash to the name that its source states.
  return [groupOf(object), object.kind, nameOf(object).replace(/-[a-z0-9]{10}$/, "")].join("/");
}

/** Finds the manifest in which an object of a build is written; undefined for one that a generator made. */
export async function sourceFinder(
  rendered: Rendered,
  cwd: string,
): Promise<(object: KubernetesObject) => LocatedObject | undefined> {
  const files = rendered.kustomizations.flatMap(({ files }) => files);
  const sources = await Promise.all(
    files.map(async (file) => readObjects(await readFile(resolve(cwd, file), "utf8"), file).objects),
  );
  const places = new Map(sources.flat().map((source) => [sourceKey(source.object), source]));
  return (object) => places.get(sourceKey(object));
}
