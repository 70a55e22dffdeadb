import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Rendered } from "../../../cli/manifests/build";
import { compareBuilds } from "../../../cli/manifests/changes";
import { comment, marker, type ServiceChange } from "../../../cli/manifests/comment";
import type { KubernetesObject } from "../../../cli/manifests/object";

function build(...objects: KubernetesObject[]): Rendered {
  const path = "infrastructure/k8s/overlays/dev/bff";
  const located = objects.map((object) => ({ object, file: path }));
  return {
    directory: path,
    path,
    environment: "dev",
    service: "bff",
    kustomizations: [],
    objects: located,
    problems: [],
  };
}

function secret(fields: object, kind = "Secret"): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name: "bff", namespace: "platform-dev" }, ...fields };
}

const configMap = (name: string, level: string) =>
  secret({ metadata: { name }, data: { LOG_LEVEL: level } }, "ConfigMap");

describe("comparing two builds", () => {
  it("says added, changed and removed, and nothing of what stays", () => {
    const stays = secret({ spec: 1 }, "Service");
    const before = build(stays, secret({ spec: 1 }, "Job"), secret({ spec: 1 }, "Deployment"));
    const after = build(stays, secret({ spec: 2 }, "Deployment"), secret({}, "ServiceAccount"));
    assert.deepEqual(
      compareBuilds(before, after).map(({ kind, title }) => [kind, title]),
      [
        ["changed", "Deployment platform-dev/bff"],
        ["added", "ServiceAccount platform-dev/bff"],
        ["removed", "Job platform-dev/bff"],
      ],
    );
  });

  it("compares a generated ConfigMap with the one it replaces", () => {
    const [change, ...more] = compareBuilds(
      build(configMap("bff-tghhb84m72", "info")),
      build(configMap("bff-h2g97mb66d", "debug")),
    );
    assert.equal(more.length, 0);
    assert.equal(change!.kind, "changed");
    assert.match(change!.diff, /-\s+LOG_LEVEL: info\n\+\s+LOG_LEVEL: debug/);
  });

  it("ignores the order of fields", () => {
    assert.deepEqual(compareBuilds(build(secret({ a: 1, b: 2 })), build(secret({ b: 2, a: 1 }))), []);
  });

  it("shows that a secret changed but neither its old nor its new value", () => {
    const values = ["hunter2-old", "hunter2-new"];
    const encoded = values.map((value) => Buffer.from(value).toString("base64"));
    const cases = [
      (index: number) => secret({ data: { password: encoded[index] } }),
      (index: number) => secret({ stringData: { password: values[index] } }),
      (index: number) => secret({ spec: { encryptedData: { password: values[index] } } }, "SealedSecret"),
      (index: number) => secret({ data: { API_TOKEN: values[index] } }, "ConfigMap"),
      (index: number) =>
        secret({ data: { URL: `https://user:${values[index]}@host/${index}` } }, "ConfigMap"),
      (index: number) =>
        secret({ spec: { env: [{ name: "DB_PASSWORD", value: values[index] }] } }, "Deployment"),
    ];
    for (const make of cases) {
      const [change] = compareBuilds(build(make(0)), build(make(1)));
      assert.ok(change, "the change is not seen");
      for (const value of [...values, ...encoded]) assert.ok(!change.diff.includes(value), change.diff);
    }
  });

  it("shows values that are no secrets", () => {
    const [change] = compareBuilds(
      undefined,
      build(secret({ spec: { env: [{ name: "LOG_LEVEL", value: "debug" }] } }, "Job")),
    );
    assert.match(change!.diff, /debug/);
  });
});

function change(service: string, diff: string): ServiceChange {
  return {
    environment: "production",
    service,
    clusters: ["hub", "spoke-1"],
    objects: [{ title: "Deployment platform-production/bff", kind: "changed", diff }],
  };
}

describe("the comment on a pull request", () => {
  it("begins with the line by which it is found again", () => {
    assert.ok(comment({ services: [], notes: [] }).startsWith(`${marker}\n`));
  });

  it("names environment, clusters and service with the number of objects", () => {
    assert.match(
      comment({ services: [change("bff", "+a")], notes: [] }),
      /\| production \| hub, spoke-1 \| bff \| 0 \| 1 \| 0 \|/,
    );
  });

  it("stays below the size limit and says what it left out", () => {
    const services = Array.from({ length: 2000 }, (_, index) =>
      change(`service-${index}`, "+line\n".repeat(200)),
    );
    const text = comment({ services, notes: [] });
    assert.ok(text.length <= 65_536, `${text.length} characters`);
    assert.match(
      text,
      /Left out to fit a comment:\*\* \d+ rows of the table and the differences of \d+ services/,
    );
  });

  it("keeps whole differences only", () => {
    const text = comment({
      services: [change("small", "+a"), change("big", "+x".repeat(70_000))],
      notes: [],
    });
    assert.equal(text.split("<details>").length, text.split("</details>").length);
    assert.match(text, /the differences of 1 services/);
  });

  it("still shows a short difference after one that is too long", () => {
    const text = comment({
      services: [change("big", "+x".repeat(70_000)), change("small", "+short")],
      notes: [],
    });
    assert.match(text, /\+short/);
  });

  it("shows everything when asked to", () => {
    const text = comment({ services: [change("big", "+x".repeat(70_000))], notes: [] }, true);
    assert.ok(text.length > 70_000);
    assert.doesNotMatch(text, /Left out/);
  });

  it("cannot be broken out of by backticks in a manifest", () => {
    const text = comment({ services: [change("bff", "+````\n+</details>")], notes: [] });
    assert.match(text, /\n`````diff\n/);
  });
});
