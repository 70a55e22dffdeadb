import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type { PendingOperation } from "../../cli/recover/pending";
import { EngineProgress } from "./progress";

export type Changes = Readonly<Record<string, number>>;

/** The same pack that a user gives to `pulumi up --policy-pack`. */
const policyPacks = [join(__dirname, "..", "..", "policy-pack")];

/** Whether there is anything to do beyond keeping what is there. */
export function hasChanges(changes: Changes): boolean {
  return Object.entries(changes).some(([operation, count]) => operation !== "same" && count > 0);
}

type Report = (line: string) => void;

/** What `up` would do. */
export interface Plan {
  readonly changes: Changes;
  readonly creations: readonly PendingOperation[];
}

/** What `up` would change. The policy pack sees every resource here, before the first one is written. */
export async function previewStack(stack: Stack, report: Report): Promise<Plan> {
  const progress = new EngineProgress(report);
  try {
    await stack.preview({ policyPacks, onEvent: progress.onEvent });
    return progress;
  } catch (error) {
    throw progress.failure("The preview", error as Error);
  }
}

/** Applies the stack. Returns the number of resources by operation. */
export async function upStack(stack: Stack, report: Report): Promise<Changes> {
  const progress = new EngineProgress(report);
  try {
    await stack.up({ policyPacks, onEvent: progress.onEvent });
    return progress.changes;
  } catch (error) {
    throw progress.failure("The update", error as Error);
  }
}

/**
 * Removes all that the stack has installed.
 *
 * @param signal gives up when it fires; omitted, never.
 */
export async function destroyStack(stack: Stack, report: Report, signal?: AbortSignal): Promise<Changes> {
  const progress = new EngineProgress(report);
  try {
    await stack.destroy({ onEvent: progress.onEvent, ...(signal && { signal }) });
    return progress.changes;
  } catch (error) {
    throw progress.failure("The removal", error as Error);
  }
}
