import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkConfig } from "../../../sandbox/providers/kubernetes/check-config";
import { diffConfig } from "../../../sandbox/providers/kubernetes/diff-config";
import { unknown } from "../../../sandbox/providers/protocol/properties";

const kubeconfig = (server: string) =>
  JSON.stringify({
    "current-context": "a",
    clusters: [
      { name: "one", cluster: { server } },
      { name: "two", cluster: { server: "https://two" } },
    ],
    contexts: [
      { name: "a", context: { cluster: "one" } },
      { name: "b", context: { cluster: "two" } },
    ],
    users: [],
  });

describe("a changed Kubernetes provider", () => {
  it("is the same provider when nothing changed", () => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    assert.deepEqual(diffConfig(inputs, inputs), { changed: false, diffs: [], replaces: [] });
  });

  it("is replaced when its kubeconfig leads to another cluster", () => {
    const result = diffConfig(
      { kubeconfig: kubeconfig("https://one") },
      { kubeconfig: kubeconfig("https://new") },
    );
    assert.deepEqual(result.replaces, ["kubeconfig"]);
  });

  it("is replaced when the context leads to another cluster", () => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    assert.deepEqual(diffConfig(inputs, { ...inputs, context: "b" }).replaces, ["context"]);
  });

  it("is updated when the kubeconfig changes but leads to the same cluster", () => {
    const inputs = { kubeconfig: kubeconfig("https://one") };
    const result = diffConfig(inputs, { kubeconfig: `${inputs.kubeconfig} ` });
    assert.deepEqual([result.diffs, result.replaces], [["kubeconfig"], []]);
  });

  it("is replaced when the kubeconfig is not known yet", () => {
    assert.deepEqual(
      diffConfig({ kubeconfig: kubeconfig("https://one") }, { kubeconfig: unknown }).replaces,
      ["kubeconfig"],
    );
  });

  it("is not replaced while its cluster identifier stays the same, whatever the kubeconfig", () => {
    const olds = { kubeconfig: kubeconfig("https://one"), clusterIdentifier: "hub" };
    const moved = diffConfig(olds, { ...olds, kubeconfig: kubeconfig("https://new") });
    const open = diffConfig(olds, { ...olds, kubeconfig: unknown });
    assert.deepEqual([moved.changed, moved.replaces, open.replaces], [true, [], []]);
  });

  it("is replaced when its cluster identifier changes", () => {
    const olds = { kubeconfig: kubeconfig("https://one"), clusterIdentifier: "hub" };
    assert.deepEqual(diffConfig(olds, { ...olds, clusterIdentifier: "other" }).replaces, [
      "clusterIdentifier",
    ]);
  });

  it("is not replaced when a cluster identifier is added or removed", () => {
    const without = { kubeconfig: kubeconfig("https://one") };
    const identified = { ...without, clusterIdentifier: "hub" };
    assert.deepEqual(
      [diffConfig(without, identified).replaces, diffConfig(identified, without).replaces],
      [[], []],
    );
  });

  it("is refused when its kubeconfig cannot be read", () => {
    const run = () =>
      diffConfig({ kubeconfig: kubeconfig("https://one") }, { kubeconfig: "neither path nor YAML map" });
    assert.throws(run, /failed to parse kubeconfig/);
  });

  it("must say kubeconfig and context in strict mode, and must not be the default one", () => {
    const failures = checkConfig({ strictMode: "true" }, true);
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["", "kubeconfig", "context"],
    );
  });
});
