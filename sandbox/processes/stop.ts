import { setTimeout as delay } from "node:timers/promises";
import { type ProcessIdentity, isRunning } from "./identity";

const graceMilliseconds = 10_000;
const pollMilliseconds = 50;

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isRunning(identity)) process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Ends exactly these processes: asked first, then killed after ten seconds. */
export async function stopProcesses(identities: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of identities) signal(identity, "SIGTERM");
  const deadline = Date.now() + graceMilliseconds;
  while (identities.some(isRunning) && Date.now() < deadline) await delay(pollMilliseconds);
  for (const identity of identities) signal(identity, "SIGKILL");
  while (identities.some(isRunning)) await delay(pollMilliseconds);
}
