import { relative } from "node:path";
import type { Environment } from "../../config/environment";
import { locateBuildError } from "./build-error";
import { type Finding, unreadable } from "./finding";
import { type Kustomization, readSources } from "./kustomization";
import { BuildError, buildKustomization } from "./kustomize";
import type { LocatedObject } from "./object";
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
    if (output.problems.length > 0) return failed(output.problems);
    // Lines of what kustomize printed mean nothing to anybody.
    const objects = output.objects.map(({ object, file }) => ({ object, file }));
    return { ...build, path, kustomizations, objects, problems: [] };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const located = await locateBuildError(error.message, kustomizations, cwd);
    return failed([located ?? unreadable(path, `kustomize cannot build it: ${error.message}`)]);
  }
}
