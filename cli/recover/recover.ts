import { CliError, RefusedError } from "../errors";
import type { ClusterApi } from "../doctor/cluster-api";
import { pulumi, PulumiError, type PulumiStack } from "../pulumi";
import { describeLock, heldLocks, type Host, type Lock, locksIn, readLocks } from "./lock";
import { readPendingOperations } from "./pending";
import { planStep, type Step } from "./plan";
import { sight } from "./sight";
import { recoverState } from "./state";

// A refresh waits for objects that are not ready yet.
const refreshTimeout = 30 * 60_000;

/** The engine's commands, as far as they are needed here. */
export interface Engine {
  /** Address of the backend. */
  readonly backend: () => Promise<string>;
  readonly export: () => Promise<string>;
  readonly cancel: () => Promise<void>;
  readonly import: (state: string) => Promise<void>;
  /** Reads the named resources again from their clusters. */
  readonly refresh: (urns: readonly string[]) => Promise<void>;
}

export function engineOf(stack: PulumiStack): Engine {
  const onStack = ["--stack", stack.stack];
  return {
    backend: async () => {
      const { url } = JSON.parse(await pulumi(stack, ["whoami", "--json"])) as { url?: string };
      return url ?? "";
    },
    export: () => pulumi(stack, ["stack", "export", ...onStack]),
    cancel: async () => void (await pulumi(stack, ["cancel", "--yes", ...onStack])),
    import: async (state) => void (await pulumi(stack, ["stack", "import", ...onStack], { input: state })),
    refresh: async (urns) => {
      const targets = urns.flatMap((urn) => ["--target", urn]);
      const args = ["refresh", "--yes", "--skip-preview", ...onStack, ...targets];
      await pulumi(stack, args, { timeout: refreshTimeout });
    },
  };
}

export interface RecoverOptions {
  readonly stack: Pick<PulumiStack, "project" | "stack">;
  readonly engine: Engine;
  readonly clusters: ReadonlyMap<string, ClusterApi>;
  readonly host: Host;
  readonly now: Date;
  /** Whether to carry the plan out. */
  readonly execute: boolean;
  readonly say: (line: string) => void;
}

async function removeLocks(locks: readonly Lock[], options: RecoverOptions): Promise<void> {
  const { host, now, engine, execute, say } = options;
  const held = heldLocks(locks, host);
  if (held.length > 0) {
    const holders = held.map((lock) => describeLock(lock, now)).join("; ");
    throw new RefusedError(
      `The stack is locked by ${holders}; wait until that has ended. Where it is dead on another machine, run pulumi cancel there.`,
    );
  }
  for (const lock of locks) say(`lock     ${describeLock(lock, now)}: that process is dead; pulumi cancel`);
  if (execute && locks.length > 0) await engine.cancel();
}

async function plan({ engine, clusters }: RecoverOptions): Promise<Step[]> {
  const operations = readPendingOperations(await engine.export());
  return Promise.all(
    operations.map(async (operation) => planStep(operation, await sight(operation, clusters))),
  );
}

async function unlockReleases(steps: readonly Step[], clusters: RecoverOptions["clusters"]): Promise<void> {
  for (const step of steps) {
    if (step.action !== "unlock-release") continue;
    const [namespace, name] = step.secret.split("/");
    const answer = await clusters
      .get(step.cluster)!
      .send(`/api/v1/namespaces/${namespace}/secrets/${name}`, "DELETE");
    if (answer.status !== 200 && answer.status !== 404) {
      throw new CliError(`${step.cluster} did not delete the Secret ${step.secret}: HTTP ${answer.status}`);
    }
  }
}

/** Writes the resolved state; a backend without files names its locks only now. */
async function write(state: string, options: RecoverOptions): Promise<void> {
  const { engine } = options;
  try {
    await engine.import(state);
  } catch (error) {
    const locks = error instanceof PulumiError ? locksIn(error.transcript) : [];
    if (locks.length === 0) throw error;
    await removeLocks(locks, options);
    await engine.import(state);
  }
}

/**
 * Makes the state that a killed `up` left usable again. Nothing is written before every single operation is decided.
 *
 * @throws RefusedError where a lock is held or a person must decide; CliError where a cluster cannot be asked.
 */
export async function recover(options: RecoverOptions): Promise<void> {
  const { stack, engine, clusters, execute, say } = options;
  const locks = readLocks(await engine.backend(), stack.project, stack.stack);
  await removeLocks(locks, options);
  const steps = await plan(options);
  for (const { action, urn, reason } of steps) say(`${action.padEnd(8)} ${urn}: ${reason}`);

  const stops = steps.flatMap((step) => (step.action === "stop" ? [step] : []));
  if (stops.length > 0) {
    const message = `${stops.length} of ${steps.length} pending operations cannot be decided; nothing was changed in the state.`;
    throw stops.some(({ unreadable }) => unreadable) ? new CliError(message) : new RefusedError(message);
  }
  if (steps.length === 0) return say(locks.length > 0 ? "no pending operations" : "nothing to recover");
  if (!execute) return say("nothing was changed; run it again with --yes to do this");
  await unlockReleases(steps, clusters);
  const { text, targets } = recoverState(await engine.export(), steps);
  await write(text, options);
  if (targets.length > 0) {
    say(`reading ${targets.length} resources from their clusters; this may take minutes`);
    await engine.refresh(targets);
  }
  const left = await plan(options);
  if (left.length > 0)
    throw new RefusedError(`${left.length} pending operations are left; run recover again.`);
  say("recovered; run pulumi up");
}
