import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { labelledWith, stackLabel } from "../../components/stack-label";

function transformed(type: string, props: Record<string, unknown>) {
  return labelledWith("staging")({ custom: true, type, name: "x", props, opts: {} }) as
    { props: { metadata: { labels: Record<string, string> } } } | undefined;
}

describe("the label of the stack", () => {
  it("is added to what an object says of itself", () => {
    const props = { metadata: { name: "a", labels: { app: "x" } }, data: { key: "value" } };
    assert.deepEqual(transformed("kubernetes:core/v1:ConfigMap", props)!.props, {
      metadata: { name: "a", labels: { app: "x", [stackLabel]: "staging" } },
      data: { key: "value" },
    });
  });

  it("is the only one of an object without labels", () => {
    const { props } = transformed("kubernetes:core/v1:Namespace", { metadata: { name: "a" } })!;
    assert.deepEqual(props.metadata.labels, { [stackLabel]: "staging" });
  });

  it("leaves alone what is no object, and what is not known yet", () => {
    assert.equal(transformed("kubernetes:helm.sh/v4:Chart", { values: {} }), undefined);
    assert.equal(transformed("random:index:RandomPassword", { metadata: {} }), undefined);
    assert.equal(transformed("kubernetes:core/v1:Secret", { metadata: pulumi.output({}) }), undefined);
  });
});
