import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { check } from "../../../sandbox/providers/kubernetes/check";
import {
  isSecret,
  secret,
  unknown,
  withoutSecretMarks,
} from "../../../sandbox/providers/protocol/properties";
import type { PropertyMap } from "../../../sandbox/providers/protocol/properties";
import { offlineSession, urn } from "./support/session";

const run = (type: string, name: string, news: PropertyMap, olds: PropertyMap = {}, seed = "seed") =>
  check(offlineSession(), {
    urn: urn(type, name),
    olds,
    news,
    seed: Buffer.from(seed),
    autonaming: undefined,
  });

const configMap = "kubernetes:core/v1:ConfigMap";
const metadata = (inputs: PropertyMap) => inputs["metadata"] as PropertyMap;

describe("the check of a Kubernetes resource", () => {
  it("names an unnamed object after its resource with eight hexadecimal digits and marks it", async () => {
    const inputs = await run(configMap, "settings", { apiVersion: "v1", kind: "ConfigMap" });
    assert.match(String(metadata(inputs)["name"]), /^settings-[0-9a-f]{8}$/);
    assert.deepEqual(metadata(inputs)["annotations"], { "pulumi.com/autonamed": "true" });
  });

  it("gives the same name for the same seed, so that a preview and its update agree", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap" };
    const [first, second, other] = await Promise.all([
      run(configMap, "a", object),
      run(configMap, "a", object),
      run(configMap, "a", object, {}, "another"),
    ]);
    assert.equal(metadata(first)["name"], metadata(second)["name"]);
    assert.notEqual(metadata(first)["name"], metadata(other)["name"]);
  });

  it("keeps the name that was assigned earlier", async () => {
    const olds = await run(configMap, "a", { apiVersion: "v1", kind: "ConfigMap" }, {}, "first");
    const news = await run(configMap, "a", { apiVersion: "v1", kind: "ConfigMap" }, olds, "second");
    assert.equal(metadata(news)["name"], metadata(olds)["name"]);
  });

  it("leaves a name that is not known yet alone", async () => {
    const inputs = await run(configMap, "a", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: unknown },
    });
    assert.equal(metadata(inputs)["name"], unknown);
    assert.equal(metadata(inputs)["annotations"], undefined);
  });

  it("puts namespaced objects into the provider's namespace and leaves cluster-scoped ones without", async () => {
    const namespaced = await run(configMap, "a", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
    });
    assert.equal(metadata(namespaced)["namespace"], "default");
    const type = "kubernetes:core/v1:Namespace";
    const clusterScoped = await run(type, "a", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "a" },
    });
    assert.equal(metadata(clusterScoped)["namespace"], undefined);
  });

  it("turns stringData into data and marks the content of every Secret as secret", async () => {
    const inputs = await run("kubernetes:core/v1:Secret", "s", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { password: "hunter2" },
    });
    assert.equal(inputs["stringData"], undefined);
    assert.ok(isSecret(inputs["data"]));
    assert.deepEqual(withoutSecretMarks(inputs["data"] ?? null), { password: "aHVudGVyMg==" });
  });

  it("keeps a secret value of any other kind secret", async () => {
    const inputs = await run(configMap, "a", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { open: "1", hidden: secret("2") },
    });
    const data = inputs["data"] as PropertyMap;
    assert.equal(data["open"], "1");
    assert.ok(isSecret(data["hidden"]));
  });

  it("refuses generateName, which server-side apply cannot use", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "a-" } };
    await assert.rejects(run(configMap, "a", object), /generateName.*not supported in Server-Side Apply/);
  });

  it("refuses a patch resource without a name", async () => {
    const patch = run("kubernetes:core/v1:ConfigMapPatch", "a", { apiVersion: "v1", kind: "ConfigMap" });
    await assert.rejects(patch, /patch resources require the `.metadata.name` field/);
  });
});
