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

  it("does not take the end of a name for a hash", () => {
    const changes = compareBuilds(
      build(configMap("bff-production", "info")),
      build(configMap("bff", "info")),
    );
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ["added", "removed"],
    );
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

function change(
  service: string,
  diff: string,
  environment: ServiceChange["environment"] = "production",
): ServiceChange {
  return {
    environment,
    service,
    clusters: ["hub", "spoke-1"],
    image: "1.0.0 → 1.1.0",
    objects: [{ title: `Deployment platform-${environment}/bff`, kind: "changed", diff }],
  };
}

describe("the comment on a pull request", () => {
  it("begins with the line by which it is found again", () => {
    assert.ok(comment({ services: [], notes: [] }).startsWith(`${marker}\n`));
  });

  it("names environment, clusters and service with the number of objects", () => {
    assert.match(
      comment({ services: [change("bff", "+a")], notes: [] }),
      /\| production \| hub, spoke-1 \| bff \| 1.0.0 → 1.1.0 \| 0 \| 1 \| 0 \|/,
    );
  });

  it("stays below the size limit and says what it left out", () => {
    const services = Array.from({ length: 2000 }, (_, index) =>
      change(`service-${index}`, "+line\n".repeat(200)),
    );
    const text = comment({ services, notes: [] });
    assert.ok(text.length <= 65_536, `${text.length} characters`);
    assert.match(text, /Left out to fit a comment:\*\* \d+ rows of the table, \d+ differences/);
  });

  it("stays below any limit that it is given, also with more notes than fit", () => {
    const services = Array.from({ length: 200 }, (_, index) =>
      change(`service-${index}`, "+line\n".repeat(9)),
    );
    const notes = Array.from({ length: 600 }, (_, index) => `**folder-${index}** cannot be built`);
    for (const limit of [1_000, 11_000, 64_000]) {
      const text = comment({ services, notes }, limit);
      assert.ok(text.length <= limit, `${text.length} characters instead of ${limit}`);
      assert.match(text, /Left out to fit a comment:\*\* \d+ notes, /);
    }
    const few = comment({ services: [], notes }, 11_000);
    assert.match(few, /\d+ notes\. Run .*--full/);
    assert.ok(few.length <= 11_000);
  });

  it("shows once what is the same in several environments", () => {
    const diff = (name: string) =>
      ` unchanged in ${name}\n-key: platform/${name}/bff\n+key: platform/${name}/other`;
    const services = [
      change("bff", diff("production")),
      change("bff", diff("staging"), "staging"),
      change("bff", "+other", "dev"),
    ];
    const text = comment({ services, notes: [] });
    assert.match(text, /<summary>bff: production \(hub, spoke-1\), staging \(hub, spoke-1\)<\/summary>/);
    assert.match(text, /<summary>bff: dev \(hub, spoke-1\)<\/summary>/);
    assert.equal(text.split("<details>").length, 3);
    assert.match(text, /\| staging \|/);
  });

  it("keeps whole differences only", () => {
    const text = comment({
      services: [change("small", "+a"), change("big", "+x".repeat(70_000))],
      notes: [],
    });
    assert.equal(text.split("<details>").length, text.split("</details>").length);
    assert.match(text, /Left out to fit a comment:\*\* 1 differences/);
  });

  it("still shows a short difference after one that is too long", () => {
    const text = comment({
      services: [change("big", "+x".repeat(70_000)), change("small", "+short")],
      notes: [],
    });
    assert.match(text, /\+short/);
  });

  it("shows everything when asked to", () => {
    const text = comment({ services: [change("big", "+x".repeat(70_000))], notes: [] }, Infinity);
    assert.ok(text.length > 70_000);
    assert.doesNotMatch(text, /Left out/);
  });

  it("cannot be broken out of by backticks in a manifest", () => {
    const text = comment({ services: [change("bff", "+````\n+</details>")], notes: [] });
    assert.match(text, /\n`````diff\n/);
  });
});
