import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { CliError } from "../errors";

const lockSchema = z.object({
  pid: z.number().int().positive(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.string(),
});

/** Who has locked a stack, as a backend on files or a bucket records it. */
export type Lock = z.output<typeof lockSchema>;

/** The locks that the engine names when it refuses to begin. */
export function locksIn(transcript: string): Lock[] {
  const pattern = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;
  return [...transcript.matchAll(pattern)].map(([, username, host, pid, timestamp]) => ({
    username: username!,
    hostname: host!,
    pid: Number(pid),
    timestamp: timestamp!,
  }));
}

/**
 * The locks of one stack in a backend of files. Other backends name theirs when the engine is started.
 *
 * @throws CliError where a lock cannot be read; it may be anybody's.
 */
export function readLocks(backend: string, project: string, stack: string): Lock[] {
  if (!backend.startsWith("file://")) return [];
  const directory = join(fileURLToPath(backend), ".pulumi", "locks");
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes(join(project, stack)))
    .map((path) => {
      try {
        return lockSchema.parse(JSON.parse(readFileSync(path, "utf8")));
      } catch {
        throw new CliError(`The lock ${path} cannot be read; find out whose it is before it is removed`);
      }
    });
}

/** Whether a process of this machine runs; one that belongs to somebody else does. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

export interface Host {
  readonly name: string;
  readonly runs: (pid: number) => boolean;
}

export const thisHost: Host = { name: hostname(), runs };

export function describeLock({ pid, username, hostname: host, timestamp }: Lock, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(timestamp)) / 60_000);
  const age = Number.isNaN(minutes) ? "" : `, ${minutes} minutes ago`;
  return `process ${pid} of ${username}@${host} since ${timestamp}${age}`;
}

/** The locks that may be somebody's: of another machine, or of a process that still runs. */
export function heldLocks(locks: readonly Lock[], host: Host): Lock[] {
  return locks.filter((lock) => lock.hostname !== host.name || host.runs(lock.pid));
}
