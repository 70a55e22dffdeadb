import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { normalize } from "../../../sandbox/providers/kubernetes/objects/normalize";
import { normalizeQuantity } from "../../../sandbox/providers/kubernetes/objects/quantity";
import type { PropertyMap } from "../../../sandbox/providers/protocol/properties";

const pod = (spec: PropertyMap): PropertyMap => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  spec,
});

describe("the normal form of an object", () => {
  it("leaves out what Kubernetes leaves out of a built-in kind", () => {
    const written = pod({
      hostNetwork: false,
      containers: [{ name: "c", env: [{ name: "A", value: "" }], args: [] }],
    });
    assert.deepEqual(normalize(written)["spec"], { containers: [{ name: "c", env: [{ name: "A" }] }] });
  });

  it("keeps empty structures and false values that mean something", () => {
    const written = pod({
      automountServiceAccountToken: false,
      containers: [{ name: "c", resources: {} }],
      volumes: [{ name: "v", emptyDir: {} }],
    });
    assert.deepEqual(normalize(written), written);
  });

  it("keeps empty values among the user's own keys", () => {
    const written = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { empty: "" } };
    assert.deepEqual(normalize(written), written);
  });

  it("leaves a custom resource as it was written", () => {
    const written = {
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "a" },
      spec: { z: [], n: "" },
    };
    assert.deepEqual(normalize(written), written);
  });

  it("drops what only the API server may set", () => {
    const written = {
      ...pod({}),
      metadata: { name: "a", uid: "1", resourceVersion: "2", creationTimestamp: "now" },
    };
    assert.deepEqual(normalize(written)["metadata"], { name: "a" });
  });

  it("drops the status and the deprecated pruning switch of a CustomResourceDefinition", () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com" },
      spec: { group: "example.com", preserveUnknownFields: false },
      status: { conditions: [] },
    };
    const normal = normalize(definition);
    assert.deepEqual([normal["spec"], normal["status"]], [{ group: "example.com" }, undefined]);
  });

  for (const [written, normal] of [
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["100Mi", "100Mi"],
    ["1500m", "1500m"],
    ["1000", "1k"],
    ["1e3", "1e3"],
    ["0", "0"],
    [2, "2"],
    ["not a quantity", "not a quantity"],
  ] as const) {
    it(`writes the quantity ${written} as ${normal}`, () => {
      assert.equal(normalizeQuantity(written), normal);
    });
  }
});
