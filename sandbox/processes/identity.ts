import { readFileSync, readdirSync } from "node:fs";
import { execaSync } from "execa";

/** What tells one process from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the words of the operating system; compared, never read. */
  readonly startedAt: string;
}

const hasProc = process.platform === "linux";

function procStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name may hold blanks and brackets, so fields are counted from its closing bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  const result = execaSync("ps", ["-o", "lstart=", "-p", String(pid)], { reject: false });
  return result.failed || result.stdout.trim() === "" ? undefined : result.stdout.trim();
}

/** The identity of a running process; nothing where no process has this pid. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = hasProc ? procStartTime(pid) : psStartTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether the very process that was recorded still runs. */
export function isRunning(recorded: ProcessIdentity): boolean {
  return identify(recorded.pid)?.startedAt === recorded.startedAt;
}

/**
 * The running processes of this user whose environment holds `variable=value`. It finds what a killed command could no
 * longer record; on systems without /proc it finds nothing, and the records alone count.
 */
export function findByEnvironment(variable: string, value: string): ProcessIdentity[] {
  if (!hasProc) return [];
  const marker = `\0${variable}=${value}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const environment = `\0${readFileSync(`/proc/${name}/environ`, "latin1")}\0`;
        const identity = environment.includes(marker) ? identify(Number(name)) : undefined;
        return identity ? [identity] : [];
      } catch {
        return [];
      }
    });
}
