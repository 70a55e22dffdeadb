import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError } from "../errors";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "./atomic-file";
import { type ProcessIdentity, findByEnvironment, identify, isRunning } from "./identity";
import { isPortFree } from "./ports";
import { stopProcesses } from "./stop";

/** A process that outlives the command which starts it. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the command's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ports on the loopback interface that it will listen on. */
  readonly ports: readonly number[];
  /** Whether it answers yet; a failed attempt counts as no. */
  readonly ready: () => Promise<boolean>;
}

interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  /** Digest of what it was started with; holds no value of it. */
  readonly specDigest: string;
}

/** Every process of a sandbox, and what those start in turn, carries this with the sandbox's folder as its value. */
export const sandboxMarker = "GITOPS_PLATFORM_SANDBOX";

// What a started process needs of the caller's environment; all else would differ between two runs of one sandbox.
const inheritedVariables = [
  "PATH",
  "HOME",
  "LANG",
  "TZ",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
];

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    inheritedVariables.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
}

function digestOf(spec: ProcessSpec): string {
  const content = JSON.stringify([spec.command, spec.args, spec.env ?? {}, spec.ports]);
  return createHash("sha256").update(content).digest("hex");
}

function recordPath(layout: SandboxLayout, name: string): string {
  return join(layout.processes, `${name}.json`);
}

function readRecord(path: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}

/** The recorded processes of a sandbox that still run. */
export function runningProcesses(layout: SandboxLayout): ProcessRecord[] {
  let files: string[] = [];
  try {
    files = readdirSync(layout.processes);
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => readRecord(join(layout.processes, file)))
    .filter((record) => record !== undefined)
    .filter(isRunning);
}

/** Ends what a killed command started and could not record. What this very command has started is not touched. */
export async function stopUnrecordedProcesses(layout: SandboxLayout): Promise<void> {
  const kept = new Set([process.pid, ...runningProcesses(layout).map(({ pid }) => pid)]);
  const found = findByEnvironment(sandboxMarker, layout.directory);
  await stopProcesses(found.filter(({ pid }) => !kept.has(pid) && !hasAncestor(pid, kept)));
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function hasAncestor(pid: number, ancestors: ReadonlySet<number>): boolean {
  for (let parent = parentOf(pid); parent !== undefined && parent > 1; parent = parentOf(parent)) {
    if (ancestors.has(parent)) return true;
  }
  return false;
}

async function stopRecorded(layout: SandboxLayout, record: ProcessRecord): Promise<void> {
  await stopProcesses([record]);
  rmSync(recordPath(layout, record.name), { force: true });
}

/** Ends every process of a sandbox, recorded or not. */
export async function stopAllProcesses(layout: SandboxLayout): Promise<void> {
  await stopProcesses(runningProcesses(layout));
  await stopUnrecordedProcesses(layout);
  rmSync(layout.processes, { recursive: true, force: true });
}

const portPatienceMilliseconds = 3_000;

async function assertPortsFree(spec: ProcessSpec): Promise<void> {
  // A process that has just ended may hold its sockets for a moment longer.
  const deadline = Date.now() + portPatienceMilliseconds;
  for (const port of spec.ports) {
    while (!(await isPortFree(port))) {
      if (Date.now() > deadline) {
        throw new SandboxError(
          `Port ${port}, which ${spec.name} needs, is in use by another program`,
          "Free it, or choose another base port, for example: make down && make up SANDBOX_PORT=17440",
        );
      }
      await delay(100);
    }
  }
}

/** Starts a process unless it already runs with the same specification. Returns whether it was started. */
export async function ensureProcess(layout: SandboxLayout, spec: ProcessSpec): Promise<boolean> {
  const specDigest = digestOf(spec);
  const path = recordPath(layout, spec.name);
  const record = readRecord(path);
  if (record && isRunning(record)) {
    if (record.specDigest === specDigest) return false;
    await stopRecorded(layout, record);
  }
  await assertPortsFree(spec);
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const log = openSync(logPath(layout, spec.name), "w", 0o600);
  try {
    const child = spawn(spec.command, spec.args, {
      cwd: layout.directory,
      env: {
        ...inheritedEnvironment(),
        TMPDIR: layout.temporary,
        ...spec.env,
        [sandboxMarker]: layout.directory,
      },
      detached: true,
      stdio: ["ignore", log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) {
      writePrivateFile(
        path,
        JSON.stringify({ ...identity, name: spec.name, specDigest } satisfies ProcessRecord),
      );
    }
    child.unref();
  } finally {
    closeSync(log);
  }
  return true;
}

export function logPath(layout: SandboxLayout, name: string): string {
  return join(layout.logs, `${name}.log`);
}

const readyTimeoutMilliseconds = 90_000;

/** Waits until a process answers; fails at once when it has ended. */
export async function waitUntilReady(layout: SandboxLayout, spec: ProcessSpec): Promise<void> {
  const deadline = Date.now() + readyTimeoutMilliseconds;
  for (;;) {
    if (await spec.ready().catch(() => false)) return;
    const record = readRecord(recordPath(layout, spec.name));
    const ended = !record || !isRunning(record);
    if (ended || Date.now() > deadline) {
      const lastLines = readFileSync(logPath(layout, spec.name), "utf8").trimEnd().split("\n").slice(-5);
      throw new SandboxError(
        `${spec.name} ${ended ? "ended" : `did not answer within ${readyTimeoutMilliseconds / 1000} s`}:\n${lastLines.join("\n")}`,
        `Read ${logPath(layout, spec.name)}, then run the command again.`,
      );
    }
    await delay(100);
  }
}
