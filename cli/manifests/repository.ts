import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import pMap from "p-map";
import { type Environment, environments, isEnvironment, nearestEnvironment } from "../../config/environment";
import { type Build, render, type Rendered } from "./build";
import { type Finding, unreadable } from "./finding";

/** kustomize is one process per folder; more at once than cores only makes each slower. */
export const parallelBuilds = 2;

const overlaysFolder = join("infrastructure", "k8s", "overlays");
const basesFolder = join("infrastructure", "k8s", "base");
const rootFolder = join("infrastructure", "argocd");

/** Everything that Argo CD delivers from a work tree. */
export interface Repository {
  readonly builds: readonly Rendered[];
  readonly problems: readonly Finding[];
}

/** Names of the folders inside a folder; none where it does not exist. */
async function foldersOf(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return [];
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

/** Absolute paths of the folders that overlays may take in. */
export async function basesOf(root: string): Promise<string[]> {
  return (await foldersOf(join(root, basesFolder))).map((name) => join(root, basesFolder, name));
}

async function unknownEnvironments(root: string): Promise<Finding[]> {
  const folders = (await foldersOf(join(root, overlaysFolder))).filter((name) => !isEnvironment(name));
  return folders.map((name) =>
    unreadable(
      join(overlaysFolder, name),
      `is not an environment; rename it to "${nearestEnvironment(name)}" or declare it in config/environment.ts`,
    ),
  );
}

function missingFolders(root: string): Finding[] {
  return environments
    .flatMap((name) => [join(overlaysFolder, name), join(rootFolder, name)])
    .filter((folder) => !existsSync(join(root, folder)))
    .map((folder) => unreadable(folder, "does not exist; every environment needs this folder"));
}

function rootBuilds(root: string): Build[] {
  return environments
    .map((environment) => ({ directory: join(root, rootFolder, environment), environment, service: "root" }))
    .filter(({ directory }) => existsSync(directory));
}

/**
 * Builds every overlay of every environment, the root Application of each, and what that points at. Paths in reports
 * are relative to `root`.
 *
 * @param root top of the work tree.
 * @throws CliError when kustomize cannot be run at all.
 */
export async function renderRepository(root: string): Promise<Repository> {
  const overlays = (await Promise.all(environments.map((name) => overlaysOf(root, name)))).flat();
  const renderAll = (builds: readonly Build[]) =>
    pMap(builds, (build) => render(build, root, root), { concurrency: parallelBuilds });
  const first = await renderAll([...overlays, ...rootBuilds(root)]);
  const applications = first.filter(({ service }) => service === "root");
  const second = await renderAll(applications.flatMap((rendered) => applicationBuilds(root, rendered)));
  return {
    builds: [...first, ...second],
    problems: [...missingFolders(root), ...(await unknownEnvironments(root))],
  };
}
