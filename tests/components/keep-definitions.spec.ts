import assert from "node:assert/strict";
import type { ResourceTransformArgs } from "@pulumi/pulumi";
import { keepDefinitions } from "../../components/keep-definitions";

const definition = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

function transform(type: string, annotations?: Record<string, string>) {
  const props = { metadata: { name: "x", ...(annotations && { annotations }) }, spec: { group: "g" } };
  return keepDefinitions({
    custom: true,
    type,
    name: "x",
    props,
    opts: { protect: true },
  } as ResourceTransformArgs);
}

describe("keeping the definitions of a chart", () => {
  it("keeps a definition when it leaves the stack, says so where charts say it, and changes nothing else", async () => {
    assert.deepEqual(await transform(definition, { a: "b" }), {
      props: {
        metadata: { name: "x", annotations: { a: "b", "helm.sh/resource-policy": "keep" } },
        spec: { group: "g" },
      },
      opts: { protect: true, retainOnDelete: true },
    });
  });

  it("takes a definition without annotations", async () => {
    const result = await transform(definition);
    assert.equal((result?.opts as { retainOnDelete?: boolean } | undefined)?.retainOnDelete, true);
  });

  it("leaves every other object of the chart alone", async () =>
    assert.equal(await transform("kubernetes:apps/v1:Deployment"), undefined));
});
