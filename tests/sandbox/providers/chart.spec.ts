import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { childOf } from "../../../sandbox/providers/helm/chart";
import { parseManifest } from "../../../sandbox/providers/helm/manifests";
import { registrationOrder } from "../../../sandbox/providers/helm/registration-order";
import { nameOf } from "../../../sandbox/providers/kubernetes/objects/object";
import type { KubernetesObject } from "../../../sandbox/providers/kubernetes/objects/object";
import { isSecret } from "../../../sandbox/providers/protocol/properties";

const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
});

describe("a child of a chart", () => {
  for (const [example, type, name] of [
    [object("apps/v1", "Deployment", "web", "team"), "kubernetes:apps/v1:Deployment", "c:team/web"],
    [object("v1", "Secret", "s", "team"), "kubernetes:core/v1:Secret", "c:team/s"],
    [
      object("rbac.authorization.k8s.io/v1", "ClusterRole", "r"),
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      "c:r",
    ],
    [
      object("argoproj.io/v1alpha1", "Application", "a", "team"),
      "kubernetes:argoproj.io/v1alpha1:Application",
      "c:team/a",
    ],
  ] as const) {
    it(`is named ${name} and typed ${type}`, () => {
      const child = childOf(example, "c", false);
      assert.deepEqual([child.type, child.name], [type, name]);
    });
  }

  it("has no prefix when the chart's resourcePrefix is empty", () => {
    assert.equal(childOf(object("v1", "Secret", "s", "team"), "", false).name, "team/s");
  });

  it("keeps the content of a Secret secret", () => {
    const { inputs } = childOf({ ...object("v1", "Secret", "s", "team"), data: { a: "MQ==" } }, "c", false);
    assert.ok(isSecret(inputs["data"]));
  });

  it("stays when the chart is removed, if its resource policy says keep", () => {
    const kept = object("v1", "ConfigMap", "a", "team");
    kept["metadata"] = { name: "a", annotations: { "helm.sh/resource-policy": "keep" } };
    assert.equal(childOf(kept, "c", false).retainOnDelete, true);
    assert.equal(childOf(object("v1", "ConfigMap", "a"), "c", false).retainOnDelete, false);
  });

  it("is not waited for when the chart is told so", () => {
    const { inputs } = childOf({ ...object("v1", "Service", "a", "team") }, "c", true);
    assert.deepEqual(inputs["metadata"], {
      name: "a",
      namespace: "team",
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  });
});

describe("the order in which a chart's objects are registered", () => {
  it("has namespaces and definitions first, and what needs them after", () => {
    const definition: KubernetesObject = {
      ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.com"),
      spec: { group: "example.com", names: { kind: "Thing" } },
    };
    const steps = registrationOrder([
      object("example.com/v1", "Thing", "one", "team"),
      object("apps/v1", "Deployment", "web", "elsewhere"),
      object("v1", "ServiceAccount", "web", "elsewhere"),
      definition,
      object("v1", "Namespace", "team"),
    ]);
    assert.deepEqual(
      steps.map((step) => [nameOf(step.object), step.after.map(nameOf)]),
      [
        ["team", []],
        ["things.example.com", []],
        ["web", []],
        ["web", []],
        ["one", ["things.example.com", "team"]],
      ],
    );
    assert.equal(steps[2]?.object["kind"], "ServiceAccount");
  });
});

describe("a rendered manifest", () => {
  it("is read as Kubernetes reads YAML: octal modes, yes and no, dates as texts", () => {
    const [read] = parseManifest(
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\nmode: 0400\nenabled: yes\nday: 2026-01-02\nport: 8080\ntext: '0400'\n",
    );
    assert.deepEqual(
      [read?.["mode"], read?.["enabled"], read?.["day"], read?.["port"], read?.["text"]],
      [256, true, "2026-01-02", 8080, "0400"],
    );
  });

  it("skips empty documents and opens lists", () => {
    const item = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
    const objects = parseManifest(
      `---\n# nothing\n---\napiVersion: v1\nkind: List\nitems: [${item}, ${item}]\n`,
    );
    assert.deepEqual(objects.map(nameOf), ["a", "a"]);
  });

  it("is refused when an object has no name, without showing its content", () => {
    const secret = "apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}\n";
    assert.throws(
      () => parseManifest(secret),
      (error: Error) => /require a .metadata.name/.test(error.message) && !error.message.includes("hunter2"),
    );
  });
});
