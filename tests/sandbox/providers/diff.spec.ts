import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { diff } from "../../../sandbox/providers/kubernetes/diff";
import { toState } from "../../../sandbox/providers/kubernetes/objects/checkpoint";
import type { PropertyMap } from "../../../sandbox/providers/protocol/properties";
import { offlineSession, urn } from "./support/session";

interface Case {
  type: string;
  olds: PropertyMap;
  news: PropertyMap;
  live?: PropertyMap;
  ignoreChanges?: string[];
  provider?: Record<string, string>;
}

/** The difference between new inputs and an object whose live form is the old inputs plus `live`. */
function run({ type, olds, news, live, ignoreChanges, provider }: Case) {
  const checkpoint = { inputs: olds, live: { ...olds, ...live }, initialApiVersion: "v1", fieldManager: "m" };
  return diff(offlineSession(provider), {
    urn: urn(type, "r"),
    state: toState(checkpoint, olds),
    news,
    ignoreChanges: ignoreChanges ?? [],
  });
}

const object = (kind: string, fields: PropertyMap, apiVersion = "v1"): PropertyMap => ({
  apiVersion,
  kind,
  metadata: { name: "a", namespace: "team" },
  ...fields,
});

describe("the difference of a Kubernetes resource", () => {
  it("is none when only the cluster filled something in", async () => {
    const inputs = object("ConfigMap", { data: { a: "1" } });
    const live = { metadata: { name: "a", namespace: "team", uid: "1", resourceVersion: "2" } };
    const { changes } = await run({ type: "kubernetes:core/v1:ConfigMap", olds: inputs, news: inputs, live });
    assert.equal(changes.size, 0);
  });

  it("shows drift in a field that the program sets", async () => {
    const inputs = object("Service", { spec: { sessionAffinity: "None" } });
    const { changes } = await run({
      type: "kubernetes:core/v1:Service",
      olds: inputs,
      news: inputs,
      live: { spec: { sessionAffinity: "ClientIP", clusterIP: "10.0.0.1" } },
    });
    assert.deepEqual([...changes], [["spec.sessionAffinity", { change: "update", replaces: false }]]);
  });

  it("writes property paths as the engine reads them", async () => {
    const template = (labels: PropertyMap) =>
      object("Deployment", { spec: { template: { metadata: { labels } } } }, "apps/v1");
    const { changes } = await run({
      type: "kubernetes:apps/v1:Deployment",
      olds: template({ "app.kubernetes.io/name": "a" }),
      news: template({ "app.kubernetes.io/name": "b" }),
    });
    assert.deepEqual([...changes.keys()], ['spec.template.metadata.labels["app.kubernetes.io/name"]']);
  });

  it("sees what an element of a list has lost", async () => {
    const ports = (port: PropertyMap) => object("Service", { spec: { ports: [port] } });
    const { changes } = await run({
      type: "kubernetes:core/v1:Service",
      olds: ports({ port: 80, name: "http" }),
      news: ports({ port: 80 }),
    });
    assert.deepEqual([...changes], [["spec.ports[0].name", { change: "delete", replaces: false }]]);
  });

  it("leaves ignored changes out", async () => {
    const { changes } = await run({
      type: "kubernetes:core/v1:Service",
      olds: object("Service", { spec: { a: 1, b: 1 } }),
      news: object("Service", { spec: { a: 2, b: 2 } }),
      ignoreChanges: ["spec.a"],
    });
    assert.deepEqual([...changes.keys()], ["spec.b"]);
  });

  const replacing: [string, Case][] = [
    [
      "the data of a Secret",
      {
        type: "kubernetes:core/v1:Secret",
        olds: object("Secret", { data: { a: "MQ==" } }),
        news: object("Secret", { data: { a: "Mg==" } }),
      },
    ],
    [
      "the data of a ConfigMap",
      {
        type: "kubernetes:core/v1:ConfigMap",
        olds: object("ConfigMap", { data: { a: "1" } }),
        news: object("ConfigMap", { data: { a: "2" } }),
      },
    ],
    [
      "a Deployment's selector",
      {
        type: "kubernetes:apps/v1:Deployment",
        olds: object("Deployment", { spec: { selector: { matchLabels: { a: "1" } } } }, "apps/v1"),
        news: object("Deployment", { spec: { selector: { matchLabels: { a: "2" } } } }, "apps/v1"),
      },
    ],
    [
      "a StatefulSet's service name",
      {
        type: "kubernetes:apps/v1:StatefulSet",
        olds: object("StatefulSet", { spec: { serviceName: "a" } }, "apps/v1"),
        news: object("StatefulSet", { spec: { serviceName: "b" } }, "apps/v1"),
      },
    ],
    [
      "a Job's template",
      {
        type: "kubernetes:batch/v1:Job",
        olds: object("Job", { spec: { template: { spec: { restartPolicy: "Never" } } } }, "batch/v1"),
        news: object("Job", { spec: { template: { spec: { restartPolicy: "OnFailure" } } } }, "batch/v1"),
      },
    ],
    [
      "the image of a Pod's container",
      {
        type: "kubernetes:core/v1:Pod",
        olds: object("Pod", { spec: { containers: [{ name: "c", image: "a" }] } }),
        news: object("Pod", { spec: { containers: [{ name: "c", image: "b" }] } }),
      },
    ],
    [
      "the role of a RoleBinding",
      {
        type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        olds: object("RoleBinding", { roleRef: { name: "a" } }, "rbac.authorization.k8s.io/v1"),
        news: object("RoleBinding", { roleRef: { name: "b" } }, "rbac.authorization.k8s.io/v1"),
      },
    ],
  ];
  for (const [what, example] of replacing) {
    it(`replaces the object when ${what} changes, deleting the old one first because its name is fixed`, async () => {
      const { replaces, deleteBeforeReplace } = await run(example);
      assert.equal(replaces.length, 1);
      assert.equal(deleteBeforeReplace, true);
    });
  }

  it("changes a Secret in place when the provider says that Secrets are mutable", async () => {
    const example = replacing[0]?.[1];
    assert.ok(example);
    const { changes, replaces } = await run({ ...example, provider: { enableSecretMutable: "true" } });
    assert.deepEqual([[...changes.keys()], replaces], [["data.a"], []]);
  });

  it("still replaces a Secret that is marked immutable", async () => {
    const { replaces } = await run({
      type: "kubernetes:core/v1:Secret",
      olds: object("Secret", { immutable: true, data: { a: "MQ==" } }),
      news: object("Secret", { immutable: true, data: { a: "Mg==" } }),
      provider: { enableSecretMutable: "true" },
    });
    assert.deepEqual(replaces, ["data.a"]);
  });

  it("creates the replacement first when the name was assigned", async () => {
    const autonamed = { name: "a-1", namespace: "team", annotations: { "pulumi.com/autonamed": "true" } };
    const inputs = (value: string) => ({
      ...object("ConfigMap", { data: { a: value } }),
      metadata: autonamed,
    });
    const { replaces, deleteBeforeReplace } = await run({
      type: "kubernetes:core/v1:ConfigMap",
      olds: inputs("1"),
      news: inputs("2"),
    });
    assert.deepEqual([replaces, deleteBeforeReplace], [["data.a"], false]);
  });

  it("replaces an object that moves to another namespace without deleting the old one first", async () => {
    const inputs = object("ServiceAccount", {});
    const { replaces, deleteBeforeReplace } = await run({
      type: "kubernetes:core/v1:ServiceAccount",
      olds: inputs,
      news: { ...inputs, metadata: { name: "a", namespace: "other" } },
    });
    assert.deepEqual([replaces, deleteBeforeReplace], [["metadata.namespace"], false]);
  });
});
