import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import pMap from "p-map";
import { type Environment, environments, isEnvironment, nearestEnvironment } from "../../config/environment";
import { type Build, render, type Rendered } from "./build";
import { type Finding, unreadable } from "./finding";

/** kustomize is one process per folder; more at once than cores only makes each slower. */
export const parallelBuilds = 2;

const overlaysFolder = join("infrastructure", "k8s", "overlays");
const rootFolder = join("infrastructure", "argocd");

/** Everything that Argo CD delivers from a work tree. */
export interface Repository {
  readonly builds: readonly Rendered[];
  readonly problems: readonly Finding[];
}

async function foldersOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function overlaysOf(root: string, environment: Environment): Promise<Build[]> {
  const directory = join(root, overlaysFolder, environment);
  const services = await foldersOf(directory);
  return services.map((service) => ({ directory: join(directory, service), environment, service }));
}

/** The folders that the Applications of an environment's root Application point at. */
function applicationBuilds(root: string, rendered: Rendered): Build[] {
  return rendered.objects
    .filter(({ object }) => object.kind === "Application")
    .flatMap(({ object }) => {
      const source = (object["spec"] as { source?: { path?: string } } | undefined)?.source;
      return source?.path ? [join(root, source.path)] : [];
    })
    .map((directory) => ({ directory, environment: rendered.environment, service: basename(directory) }));
}

async function unknownEnvironments(root: string, cwd: string): Promise<Finding[]> {
  const folders = (await foldersOf(join(root, overlaysFolder))).filter((name) => !isEnvironment(name));
  return folders.map((name) =>
    unreadable(
      relative(cwd, join(root, overlaysFolder, name)),
      `is not an environment; rename it to "${nearestEnvironment(name)}" or declare it in config/environment.ts`,
    ),
  );
}

/**
 * Builds every overlay of every environment, the root Application of each, and what that points at.
 *
 * @param root top of the work tree.
 * @param cwd paths in reports are relative to it.
 * @throws CliError when kustomize cannot be run at all.
 */
export async function renderRepository(root: string, cwd: string): Promise<Repository> {
  const folders = environments.flatMap((name) => [join(overlaysFolder, name), join(rootFolder, name)]);
  const missing = folders.filter((folder) => !existsSync(join(root, folder)));
  if (missing.length > 0) {
    const message = "does not exist; every environment needs this folder";
    return {
      builds: [],
      problems: missing.map((folder) => unreadable(relative(cwd, join(root, folder)), message)),
    };
  }
  const overlays = (await Promise.all(environments.map((name) => overlaysOf(root, name)))).flat();
  const roots = environments.map((environment) => {
    return { directory: join(root, rootFolder, environment), environment, service: "root" };
  });
  const renderAll = (builds: readonly Build[]) =>
    pMap(builds, (build) => render(build, root, cwd), { concurrency: parallelBuilds });
  const first = await renderAll([...overlays, ...roots]);
  const applications = first.filter(({ service }) => service === "root");
  const second = await renderAll(applications.flatMap((rendered) => applicationBuilds(root, rendered)));
  return { builds: [...first, ...second], problems: await unknownEnvironments(root, cwd) };
}
