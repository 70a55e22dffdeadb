import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { PendingOperation } from "../../cli/recover/pending";
import { SandboxError } from "../errors";
import { engineFailure, indent, lastLines, plain } from "./engine-words";

/** What the events of one engine operation amount to so far. */
export class EngineProgress {
  private readonly done = new Map<string, number>();
  private readonly errors: string[] = [];
  private readonly violations: string[] = [];
  /** Changes by operation once the engine has summed them up. */
  changes: Readonly<Record<string, number>> = {};

  /** What the engine would create, in the form in which it records what is under way. */
  readonly creations: PendingOperation[] = [];

  constructor(private readonly report: (line: string) => void) {}

  readonly onEvent = (event: EngineEvent): void => {
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) {
      const { op, urn } = event.resOutputsEvent.metadata;
      this.done.set(op, (this.done.get(op) ?? 0) + 1);
      this.show(urn);
    }
    if (event.summaryEvent) this.changes = event.summaryEvent.resourceChanges as Record<string, number>;
    if (event.diagnosticEvent?.severity === "error") this.errors.push(plain(event.diagnosticEvent.message));
    if (event.policyEvent?.enforcementLevel === "mandatory") {
      const { policyName, resourceUrn, message } = event.policyEvent;
      this.violations.push(`${policyName}: ${nameOf(resourceUrn ?? "")}: ${plain(message)}`);
    }
  };

  /** The failure of the operation in the engine's own words, without its transcript. */
  failure(operation: string, cause: Error): SandboxError {
    if (this.violations.length > 0) {
      return new SandboxError(
        `The policy pack refuses what the stack would install:\n${indent(this.violations)}`,
        "Change the stack's configuration or the component so that the rule holds; nothing was written.",
        { cause },
      );
    }
    const messages = [...new Set(this.errors.filter((message) => message !== ""))];
    return engineFailure(operation, messages.length > 0 ? messages : [lastLines(cause.message)], cause);
  }

  private begin({ op, urn, new: resource }: StepEventMetadata): void {
    if (op === "create" && resource) {
      const { type, inputs, provider } = resource;
      this.creations.push({ type: "creating", resource: { urn, type, inputs, provider } });
    }
    this.show(urn);
  }

  private show(urn: string): void {
    const counts = [...this.done].map(([operation, count]) => `${count} ${operation}`).join(", ");
    this.report(counts === "" ? nameOf(urn) : `${counts} · ${nameOf(urn)}`);
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
