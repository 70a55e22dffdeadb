import { SandboxError } from "../errors";
import type { SandboxLayout } from "../layout";
import { acquireLock, releaseLock } from "../processes/lock";

/** Runs a command that changes the sandbox while no other one does. */
export async function exclusively<T>(layout: SandboxLayout, run: () => Promise<T>): Promise<T> {
  const holder = acquireLock(layout.lock);
  if (holder) {
    throw new SandboxError(
      `Another command (process ${holder.pid}) is changing the sandbox in ${layout.directory}`,
      "Wait until it has ended, then run the command again.",
    );
  }
  try {
    return await run();
  } finally {
    releaseLock(layout.lock);
  }
}
