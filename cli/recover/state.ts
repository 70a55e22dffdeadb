import { CliError } from "../errors";
import { readPendingOperations } from "./pending";
import type { Step } from "./plan";

interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly { readonly urn: string }[];
    readonly pending_operations?: readonly unknown[];
  };
}

/** A state to import, and what must be read from the clusters before it is true. */
export interface RecoveredState {
  readonly text: string;
  readonly targets: readonly string[];
}

/**
 * The exported state with every pending operation resolved: what exists becomes a resource, whose outputs the engine
 * then reads; what does not is forgotten. The engine has a flag that says it does this, `--import-pending-creates`; it
 * drops the operation and adds no resource (seen at 3.250).
 *
 * @param text the output of `pulumi stack export`; its secrets stay encrypted.
 * @throws CliError where a step is left to a person, or the state has changed since it was planned.
 */
export function recoverState(text: string, steps: readonly Step[]): RecoveredState {
  const operations = readPendingOperations(text);
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  const isDecided = operations.every(({ resource }) => {
    const step = byUrn.get(resource.urn);
    return step && step.action !== "stop";
  });
  if (!isDecided) throw new CliError("The state has changed since it was read; run recover again");

  const state = JSON.parse(text) as ExportedState;
  const resources = state.deployment.resources ?? [];
  const known = new Set(resources.map(({ urn }) => urn));
  const imported = operations.flatMap(({ resource }) => {
    const step = byUrn.get(resource.urn);
    // The engine began to make it after everything it depends on, so that it may stand last.
    return step?.action === "import" && !known.has(resource.urn) ? [{ ...resource, id: step.id }] : [];
  });
  const read = steps.filter(({ action, urn }) => action === "refresh" && known.has(urn));
  return {
    text: JSON.stringify({
      ...state,
      deployment: { ...state.deployment, resources: [...resources, ...imported], pending_operations: [] },
    }),
    targets: [...new Set([...imported, ...read].map(({ urn }) => urn))],
  };
}
