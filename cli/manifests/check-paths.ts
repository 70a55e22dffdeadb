import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { text } from "node:stream/consumers";
import pMap from "p-map";
import { serviceNamespace } from "../../config/derive";
import { type Environment, environments, isEnvironment } from "../../config/environment";
import { CliError } from "../errors";
import { settingsPath } from "../settings";
import { render, type Rendered } from "./build";
import { checkBuild } from "./check-build";
import type { CheckResult } from "./check-repository";
import type { Finding } from "./finding";
import { kustomizationFile } from "./kustomization";
import { identityOf, type LocatedObject, titleOf } from "./object";
import { pointAtSources } from "./point-at-sources";
import { policyFindings } from "./policy";
import { parallelBuilds } from "./repository";
import { delivery } from "./rules/delivery";
import { oneApplication } from "./rules/one-application";
import { oneProducer } from "./rules/one-producer";
import { projects } from "./rules/project";
import { references } from "./rules/references";
import { sealedFor } from "./rules/sealed-for";
import { readObjects } from "./yaml";

interface Input {
  readonly path: string;
  readonly kind: "manifest" | "kustomization";
}

interface Read {
  readonly objects: readonly LocatedObject[];
  readonly findings: readonly Finding[];
  /** Where the objects were built; undefined where they were only read. */
  readonly build?: Rendered;
}

/** Stands for what another program prints, as `helm template`. */
const standardInput = "-";

const manifest = /\.(ya?ml|json)$/;

/** Manifest files and kustomization folders below a path; what a kustomization reads is its own affair. */
async function inputsBelow(path: string): Promise<Input[]> {
  if (!(await stat(path)).isDirectory()) {
    const isKustomization = kustomizationFile(dirname(path)) === path;
    return [isKustomization ? { path: dirname(path), kind: "kustomization" } : { path, kind: "manifest" }];
  }
  if (kustomizationFile(path)) return [{ path, kind: "kustomization" }];
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const inputs = entries.map((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : inputsBelow(child);
    const isManifest = manifest.test(entry.name) && !child.endsWith(`/${settingsPath}`);
    return isManifest ? [{ path: child, kind: "manifest" as const }] : [];
  });
  return (await Promise.all(inputs)).flat();
}

async function inputsOf(path: string, cwd: string): Promise<Input[]> {
  if (path === standardInput) return [{ path, kind: "manifest" }];
  const absolute = resolve(cwd, path);
  if (!existsSync(absolute)) throw new CliError(`${path} does not exist; name manifest files or folders`);
  const inputs = await inputsBelow(absolute);
  if (inputs.length === 0)
    throw new CliError(`${path} holds no manifest (.yaml, .yml or .json); name another folder`);
  return inputs;
}

/** The folder that a kustomization may read: its repository, or its own folder outside of any. */
function repositoryOf(directory: string): string {
  for (let folder = directory; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
  }
  return dirname(dirname(directory));
}

/** A duplicate in one file: the last one wins, whatever the first one says. */
function duplicates(objects: readonly LocatedObject[]): Finding[] {
  const seen = new Set<string>();
  return objects.flatMap(({ object, file, line }) => {
    const identity = identityOf(object);
    // The API server gives a name of its own to each object without one.
    if (object.metadata?.name === undefined || !seen.has(identity)) {
      seen.add(identity);
      return [];
    }
    const message = "stands in this file twice; keep one";
    return [
      {
        file,
        object: titleOf(object),
        rule: "one-owner",
        level: "mandatory" as const,
        message,
        ...(line && { line }),
      },
    ];
  });
}

async function readManifest(path: string, cwd: string): Promise<Read> {
  const isStandardInput = path === standardInput;
  const file = isStandardInput ? "standard input" : relative(cwd, path);
  const manifests = isStandardInput ? await text(process.stdin) : await readFile(path, "utf8");
  const { objects, problems } = readObjects(manifests, file);
  const sealed = objects.flatMap((object) => sealedFor(object, object));
  return { objects, findings: [...problems, ...duplicates(objects), ...sealed] };
}

/** The environment that a folder below `overlays/` belongs to. */
function environmentOfFolder(directory: string): Environment | undefined {
  const name = /\/overlays\/([^/]+)(\/|$)/.exec(directory)?.[1];
  return name !== undefined && isEnvironment(name) ? name : undefined;
}

/** The environment into whose namespace an object goes; the strictest for one that nobody placed. */
function environmentOfObject({ object }: LocatedObject): Environment {
  const namespace = object.metadata?.namespace;
  return environments.find((name) => serviceNamespace(name) === namespace) ?? "production";
}

async function buildFolder(directory: string, asked: Environment | undefined, cwd: string): Promise<Read> {
  const own = environmentOfFolder(directory);
  const environment = asked ?? own ?? "production";
  const build = await render({ directory, environment, service: "" }, repositoryOf(directory), cwd);
  const findings = await checkBuild(build, own && "overlay", cwd);
  return { objects: build.objects, findings, build };
}

/**
 * Leaves out what others take in, such as bases: it is judged as part of them, and would lack what they add. What was
 * named itself stays.
 */
function withoutTakenIn(all: readonly Read[], named: ReadonlySet<string>): Read[] {
  const takenIn = new Set(
    all.flatMap(({ build }) =>
      (build?.kustomizations ?? [])
        .map(({ directory }) => directory)
        .filter((each) => each !== build?.directory),
    ),
  );
  return all.filter(({ build }) => !build || named.has(build.directory) || !takenIn.has(build.directory));
}

/**
 * Checks manifest files and folders; a folder with a kustomization is built first.
 *
 * @param environment whose levels the rules take; when undefined, the environment into whose namespace each object
 * goes, and production for an object without such a namespace.
 * @param cwd paths in findings are relative to it.
 * @throws CliError when a path does not exist or holds nothing, and when kustomize is needed but cannot be run.
 */
export async function checkPaths(
  paths: readonly string[],
  environment: Environment | undefined,
  cwd: string,
): Promise<CheckResult> {
  const inputs = (await Promise.all(paths.map((path) => inputsOf(path, cwd)))).flat();
  const all = await pMap(
    inputs,
    ({ path, kind }) => (kind === "manifest" ? readManifest(path, cwd) : buildFolder(path, environment, cwd)),
    { concurrency: parallelBuilds },
  );
  const read = withoutTakenIn(all, new Set(paths.map((path) => resolve(cwd, path))));
  const objects = read.flatMap((each) => each.objects);
  const policy = environments.flatMap((name) => {
    const own = objects.filter((object) => (environment ?? environmentOfObject(object)) === name);
    return policyFindings(own, name, false);
  });
  let found: readonly Finding[] = [
    ...read.flatMap((each) => each.findings),
    ...policy,
    ...delivery(objects),
    ...oneApplication(objects),
    ...projects(objects),
    ...oneProducer(objects),
    ...references(objects, false),
  ];
  for (const { build } of read) if (build) found = await pointAtSources(build, found, cwd);
  return { findings: found, objects: objects.length, files: read.length };
}
