import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { groupOf, nameOf } from "../../cli/manifests/object";
import { observabilityKinds } from "../../components/argo-cd/deployable-kinds";
import { renderRootApplicationSpec } from "../../components/argo-cd/root-application";
import { environments } from "../../config/environment";
import { at, text } from "../../policy-pack/fields";
import { filesBelow, objectsBelow, root, valueOf } from "./delivered";

const folder = join(root, "infrastructure/argocd");
const applications = objectsBelow(join(folder, "applications"));

describe("what the root Application delivers", () => {
  for (const environment of environments) {
    it(`is in ${environment} a choice of the platform's Applications`, () => {
      const { resources } = valueOf<{ resources: string[] }>(join(folder, environment, "kustomization.yaml"));
      assert.notEqual(resources.length, 0);
      for (const resource of resources) assert.match(resource, /^\.\.\/applications\/[a-z-]+$/);
    });
  }

  it("needs no Prometheus in dev", () => {
    const { resources } = valueOf<{ resources: string[] }>(join(folder, "dev", "kustomization.yaml"));
    assert.deepEqual(resources, ["../applications/dashboards"]);
  });

  for (const application of applications) {
    it(`points ${nameOf(application)} at a folder, in the project that allows only monitoring`, () => {
      assert.equal(application.kind, "Application");
      assert.equal(application.metadata?.namespace, "argocd");
      assert.equal(at(application, "spec", "project"), "observability");
      assert.ok(
        existsSync(join(root, text(at(application, "spec", "source", "path")), "kustomization.yaml")),
      );
      assert.deepEqual(at(application, "spec", "destination"), {
        server: "https://kubernetes.default.svc",
        namespace: "argocd",
      });
    });

    it(`lets the root Application tell ${nameOf(application)} repository and revision`, () => {
      const git = { url: "https://example.com/copy", revision: "main" };
      const { source } = renderRootApplicationSpec({ project: "bootstrap", git, environment: "dev" });
      const patches = source.kustomize.patches.flatMap(
        ({ patch }) => JSON.parse(patch) as { op: string; path: string }[],
      );
      assert.notEqual(patches.length, 0);
      for (const { op, path } of patches) {
        assert.equal(op, "replace");
        // A JSON patch cannot replace a field that is not there.
        assert.notEqual(at(application, ...path.split("/").slice(1)), undefined, path);
      }
    });
  }

  it("holds only kinds that its project accepts", () => {
    const accepted = observabilityKinds.map(({ group, kind }) => `${group}/${kind}`);
    for (const object of objectsBelow(join(folder, "monitoring"))) {
      assert.ok(accepted.includes(`${groupOf(object)}/${object.kind}`), object.kind);
    }
  });
});

describe("the dashboards", () => {
  for (const path of filesBelow(join(folder, "dashboards")).filter((file) => file.endsWith(".json"))) {
    const dashboard = JSON.parse(readFileSync(path, "utf8")) as {
      uid: string;
      panels: { title: string; datasource: { uid: string }; targets: { expr: string }[] }[];
    };

    it(`${dashboard.uid} asks the data source of the reader's choice for a metric in every panel`, () => {
      for (const { title, datasource, targets } of dashboard.panels) {
        assert.equal(datasource.uid, "${datasource}", title);
        for (const { expr } of targets) assert.match(expr, /(argocd|rollout|analysis)_[a-z_]+/, title);
      }
    });
  }
});
