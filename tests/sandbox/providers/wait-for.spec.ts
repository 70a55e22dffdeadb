import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { KubernetesObject } from "../../../sandbox/providers/kubernetes/objects/object";
import type { Surroundings } from "../../../sandbox/providers/kubernetes/await/readiness";
import { parseWaitFor } from "../../../sandbox/providers/kubernetes/await/wait-for";

const nothing = {} as Surroundings;

async function stateOf(annotation: string, live: KubernetesObject): Promise<string> {
  return (await parseWaitFor(annotation)(live, nothing)).state;
}

const withCondition = (type: string, status: string, fields: KubernetesObject = {}): KubernetesObject => ({
  metadata: { generation: 2 },
  status: { conditions: [{ type, status }], ...fields },
});

describe("pulumi.com/waitFor", () => {
  it("waits for a condition to be True, whatever the case of its name", async () => {
    assert.equal(await stateOf("condition=Ready", withCondition("Ready", "False")), "waiting");
    assert.equal(await stateOf("condition=ready", withCondition("Ready", "True")), "ready");
    assert.equal(await stateOf("condition=Ready", {}), "waiting");
  });

  it("waits for the status of a condition that is asked for", async () => {
    assert.equal(
      await stateOf("condition=ErrorOccurred=False", withCondition("ErrorOccurred", "False")),
      "ready",
    );
    assert.equal(
      await stateOf("condition=ErrorOccurred=False", withCondition("ErrorOccurred", "True")),
      "waiting",
    );
  });

  it("does not trust a condition of an earlier generation", async () => {
    const stale = withCondition("Ready", "True", { observedGeneration: 1 });
    assert.equal(await stateOf("condition=Ready", stale), "waiting");
  });

  it("waits for a value at a JSONPath", async () => {
    assert.equal(
      await stateOf("jsonpath={.status.phase}=Running", { status: { phase: "Pending" } }),
      "waiting",
    );
    assert.equal(
      await stateOf("jsonpath={.status.phase}=Running", { status: { phase: "Running" } }),
      "ready",
    );
    assert.equal(await stateOf("jsonpath={.status.phase}", { status: { phase: "" } }), "ready");
    assert.equal(await stateOf("jsonpath={.status.phase}", { status: {} }), "waiting");
  });

  it("understands positions, wildcards and comparisons in a JSONPath", async () => {
    const live = withCondition("Ready", "True");
    assert.equal(await stateOf("jsonpath={.status.conditions[0].status}=True", live), "ready");
    assert.equal(await stateOf("jsonpath={.status.conditions[*].type}=Ready", live), "ready");
    assert.equal(
      await stateOf('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', live),
      "ready",
    );
    assert.equal(
      await stateOf('jsonpath={.status.conditions[?(@.type=="Other")].status}=True', live),
      "waiting",
    );
  });

  it("waits until all of a list hold", async () => {
    const all = JSON.stringify(["condition=Ready", "jsonpath={.status.phase}=Active"]);
    assert.equal(await stateOf(all, withCondition("Ready", "True")), "waiting");
    assert.equal(await stateOf(all, withCondition("Ready", "True", { phase: "Active" })), "ready");
  });

  for (const wrong of ["Ready", "[]", "jsonpath=.status", "jsonpath={.status}=", "jsonpath={.a..b}"]) {
    it(`refuses ${wrong}`, () => {
      assert.throws(() => parseWaitFor(wrong));
    });
  }
});
