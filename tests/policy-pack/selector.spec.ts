import assert from "node:assert/strict";
import { SelectorIndex, selects, selectsEverything } from "../../policy-pack/selector";

const labels = { app: "bff", tier: "web" };
const expression = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

describe("a label selector", () => {
  for (const [title, selector, expected] of [
    ["takes what it names", { matchLabels: { app: "bff" } }, true],
    ["takes nothing with another value", { matchLabels: { app: "other" } }, false],
    ["takes nothing without the label", { matchLabels: { zone: "" } }, false],
    ["wants every label", { matchLabels: { app: "bff", tier: "db" } }, false],
    ["takes one of several values", expression("app", "In", ["other", "bff"]), true],
    ["takes no other value", expression("app", "In", ["other"]), false],
    ["takes no value of a label that is missing", expression("zone", "In", [""]), false],
    ["takes all but one value", expression("app", "NotIn", ["other"]), true],
    ["does not take that value", expression("app", "NotIn", ["bff"]), false],
    ["takes what lacks the label", expression("zone", "NotIn", [""]), true],
    ["takes what has a label", expression("app", "Exists"), true],
    ["does not take what lacks it", expression("zone", "Exists"), false],
    ["takes what lacks a label", expression("zone", "DoesNotExist"), true],
    ["does not take what has it", expression("app", "DoesNotExist"), false],
    ["takes nothing by an operator that does not exist", expression("app", "Near", ["bff"]), false],
    ["wants labels and expressions", { matchLabels: { app: "bff" }, ...expression("zone", "Exists") }, false],
    ["takes everything when it is empty", {}, true],
    ["takes nothing when it is missing", undefined, false],
    ["takes nothing when it is null", null, false],
  ] as const) {
    it(title, () => assert.equal(selects(selector, labels), expected));
  }

  it("selects everything only where it names nothing", () => {
    assert.deepEqual(
      [{}, { matchLabels: {} }, { matchLabels: { a: "b" } }, expression("a", "Exists"), undefined, null].map(
        selectsEverything,
      ),
      [true, true, false, false, false, false],
    );
  });

  it("is found for the labels of its own namespace, by label, expression or nothing", () => {
    const index = new SelectorIndex<string>();
    index.add("a", { matchLabels: { app: "bff", tier: "web" } }, "labels");
    index.add("a", { matchLabels: { app: "bff", tier: "db" } }, "other labels");
    index.add("a", expression("tier", "Exists"), "expression");
    index.add("a", {}, "everything");
    index.add("b", {}, "other namespace");
    assert.deepEqual(index.taking("a", labels).sort(), ["everything", "expression", "labels"]);
    assert.deepEqual(index.taking("a", undefined), ["everything"]);
  });
});
