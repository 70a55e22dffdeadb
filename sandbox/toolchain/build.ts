import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { SandboxError } from "../errors";
import { acquireLock, releaseLock } from "../processes/lock";
import { copyModuleFolder } from "./copy-module-folder";
import { go, goEnvironment } from "./go";
import { writeChangedSources } from "./changed-sources";
import { type Tool, type ToolName, tools } from "./tools";

/** Absolute path of every tool's program. */
export type ToolPaths = Readonly<Record<ToolName, string>>;

/** Folder that holds what was built, outside the work tree, so that every clone and sandbox shares it. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "gitops-platform", "tools");
}

export function moduleDirectory(module: Tool["module"]): string {
  return join(__dirname, module);
}

/**
 * A digest of all that decides what a tool becomes: its entry in the list, the pinned modules, own sources, platform.
 */
export function toolDigest(tool: Tool): string {
  const directory = moduleDirectory(tool.module);
  const ownSources = tool.package.startsWith("./") ? [join(tool.package, "main.go")] : [];
  const hash = createHash("sha256").update(JSON.stringify([tool, process.platform, process.arch]));
  for (const file of ["go.mod", "go.sum", ...ownSources]) hash.update(readFileSync(join(directory, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Where each tool is, or will be once it is built. */
export function toolPaths(environment: NodeJS.ProcessEnv): ToolPaths {
  const cache = cacheDirectory(environment);
  return Object.fromEntries(
    (tools as readonly Tool[]).map((tool) => [
      tool.name,
      join(cache, `${tool.name}-${toolDigest(tool)}`, tool.name),
    ]),
  ) as Record<ToolName, string>;
}

/** The arguments of `go build` for a tool. */
export function buildArguments(tool: Tool, output: string, goMod: string | undefined): string[] {
  const variables = Object.entries(tool.linkVariables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "build",
    ...(goMod ? [`-modfile=${goMod}`] : []),
    `-ldflags=${["-s", "-w", ...variables].join(" ")}`,
    `-o=${output}`,
    tool.package,
  ];
}

/** The tools whose program is not in the cache yet. */
export function missingTools(paths: ToolPaths): Tool[] {
  return (tools as readonly Tool[]).filter((tool) => !existsSync(paths[tool.name as ToolName]));
}

/** Waits for the right to build; two sandboxes may be started at the same time. */
export async function lockBuilds(
  environment: NodeJS.ProcessEnv,
  waiting: (pid: number) => void,
): Promise<() => void> {
  const lock = join(cacheDirectory(environment), "lock");
  for (let holder = acquireLock(lock); holder; holder = acquireLock(lock)) {
    waiting(holder.pid);
    await delay(1000);
  }
  return () => releaseLock(lock);
}

async function keepFolder(tool: Tool, folder: string, directory: string): Promise<void> {
  const packageDirectory = await go(
    ["list", "-f", "{{.Module.Dir}}", tool.package],
    moduleDirectory(tool.module),
  );
  const kept = join(directory, folder);
  await rm(kept, { recursive: true, force: true });
  await copyModuleFolder(join(packageDirectory, folder), kept);
}

/** Builds one tool into the cache. A build that is killed leaves nothing under the tool's name. */
export async function buildTool(tool: Tool, path: string): Promise<void> {
  const directory = join(path, "..");
  mkdirSync(directory, { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const sources = join(directory, "sources");
  const cwd = moduleDirectory(tool.module);
  try {
    await go(["mod", "download"], cwd);
    const goMod = tool.changes ? await writeChangedSources(tool.changes, cwd, sources) : undefined;
    if (tool.keptFolder) await keepFolder(tool, tool.keptFolder, directory);
    await execa("go", buildArguments(tool, temporary, goMod), { cwd, env: goEnvironment });
    renameSync(temporary, path);
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    const { stderr } = error as { stderr?: string };
    throw new SandboxError(
      `${tool.name} could not be built:\n${(stderr ?? (error as Error).message).trimEnd().split("\n").slice(-8).join("\n")}`,
      "Check that the Go module proxy can be reached (`go env GOPROXY`) and that the disk has 20 GiB free.",
      { cause: error },
    );
  } finally {
    rmSync(temporary, { force: true });
    rmSync(sources, { recursive: true, force: true });
  }
}
