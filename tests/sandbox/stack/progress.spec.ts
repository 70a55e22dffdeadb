import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { hasChanges } from "../../../sandbox/stack/deploy";
import { EngineProgress } from "../../../sandbox/stack/progress";

const urn = (name: string) => `urn:pulumi:dev::gitops-platform::kubernetes:core/v1:Namespace::${name}`;
const event = (content: object) => ({ sequence: 1, timestamp: 1, ...content }) as unknown as EngineEvent;
const outputs = (op: string, name: string) =>
  event({ resOutputsEvent: { metadata: { op, urn: urn(name) } } });

describe("the progress of an engine operation", () => {
  it("counts what is done and names what is under way", () => {
    const lines: string[] = [];
    const progress = new EngineProgress((line) => lines.push(line));
    progress.onEvent(outputs("create", "argocd"));
    progress.onEvent(outputs("create", "services"));
    progress.onEvent(outputs("same", "root"));
    assert.equal(lines.at(-1), "2 create, 1 same · root");
  });

  it("fails with the engine's errors, each once and without its colours", () => {
    const progress = new EngineProgress(() => {});
    const diagnosticEvent = {
      severity: "error",
      message: "<{%fg 1%}>no such cluster<{%reset%}>\n",
      color: "never",
    };
    progress.onEvent(event({ diagnosticEvent }));
    progress.onEvent(event({ diagnosticEvent }));
    const failure = progress.failure("The update", new Error("transcript"));
    assert.equal(failure.message, "The update failed:\n  no such cluster");
  });

  it("fails with the policy violations before anything else, naming rule and resource", () => {
    const progress = new EngineProgress(() => {});
    const policyEvent = {
      enforcementLevel: "mandatory",
      policyName: "a-rule",
      resourceUrn: urn("bad"),
      message: "no.",
    };
    progress.onEvent(event({ policyEvent }));
    progress.onEvent(event({ diagnosticEvent: { severity: "error", message: "preview failed" } }));
    assert.match(
      progress.failure("The preview", new Error("")).message,
      /policy pack refuses.*\n {2}a-rule: bad: no\.$/,
    );
  });

  it("falls back on the end of the transcript where the engine reported no error", () => {
    const failure = new EngineProgress(() => {}).failure("The update", new Error("the engine is not there"));
    assert.match(failure.message, /the engine is not there/);
  });

  it("keeps what would be created, as the engine records what is under way", () => {
    const progress = new EngineProgress(() => {});
    const resource = { type: "kubernetes:core/v1:Namespace", inputs: { kind: "Namespace" }, provider: "p" };
    progress.onEvent(
      event({ resourcePreEvent: { metadata: { op: "create", urn: urn("a"), new: resource } } }),
    );
    progress.onEvent(event({ resourcePreEvent: { metadata: { op: "same", urn: urn("b"), new: resource } } }));
    assert.deepEqual(progress.creations, [{ type: "creating", resource: { urn: urn("a"), ...resource } }]);
  });

  it("has no changes when every resource stays the same", () => {
    assert.equal(hasChanges({ same: 58 }), false);
    assert.equal(hasChanges({ same: 58, update: 1 }), true);
    assert.equal(hasChanges({ same: 58, delete: 0 }), false);
  });
});
