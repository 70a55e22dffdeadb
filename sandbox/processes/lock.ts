import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type ProcessIdentity, identify, isRunning } from "./identity";

function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Moves a dead lock away; puts it back when another process has taken it in between. */
function removeStale(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    const holder = holderOf(aside);
    if (holder && isRunning(holder)) linkSync(aside, path);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes a lock for the life of this process. A lock whose holder no longer runs counts as free.
 * Returns the process that holds it when it is taken, and nothing on success.
 */
export function acquireLock(path: string): ProcessIdentity | undefined {
  const self = identify(process.pid);
  if (!self) throw new Error("this process cannot see its own start time");
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const offer = `${path}.${process.pid}`;
  writeFileSync(offer, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears with its content or not at all, so that no reader finds an empty lock.
        linkSync(offer, path);
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = holderOf(path);
      if (holder && holder.pid === self.pid && holder.startedAt === self.startedAt) return undefined;
      if (holder && isRunning(holder)) return holder;
      removeStale(path);
    }
  } finally {
    rmSync(offer, { force: true });
  }
}

export function releaseLock(path: string): void {
  const holder = holderOf(path);
  if (holder && holder.pid === process.pid) rmSync(path, { force: true });
}
