import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { readImage } from "../../cli/promotion/image-file";
import { serviceNamespace } from "../../config/derive";
import { environments } from "../../config/environment";
import { foldersIn, overlays, services, valueOf } from "./delivered";

interface Overlay {
  namespace?: string;
  resources?: string[];
  transformers?: string[];
  configMapGenerator?: { name: string; behavior: string; literals: string[] }[];
  patches?: { target: { kind: string; name: string }; patch: string }[];
}

/** All that may be different between two environments, beside the image. */
const mayDiffer: Record<string, RegExp> = {
  ExternalSecret: /^\/spec\/data\/0\/remoteRef\/key$/,
  HorizontalPodAutoscaler: /^\/spec\/(min|max)Replicas$/,
  Rollout: /^\/spec\/strategy\/canary\/steps$/,
};

for (const environment of environments) {
  describe(`the overlays of ${environment}`, () => {
    const folder = join(overlays, environment);

    it("deliver every service and what services share", () => {
      const shared = environment === "dev" ? ["common"] : ["common", "monitoring"];
      assert.deepEqual(foldersIn(folder), [...services, ...shared].sort());
    });

    for (const service of foldersIn(folder)) {
      it(`add to the base of ${service} only what belongs to ${environment}`, () => {
        const overlay = valueOf<Overlay>(join(folder, service, "kustomization.yaml"));
        const known = [
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "transformers",
          "configMapGenerator",
          "patches",
        ];
        assert.deepEqual(
          Object.keys(overlay).filter((field) => !known.includes(field)),
          [],
        );
        assert.equal(overlay.namespace, serviceNamespace(environment));
        const [base, ...own] = overlay.resources ?? [];
        assert.equal(base, `../../../base/${service}`);
        for (const file of own) assert.match(file, /^[a-z-]+-sealed-secret\.yaml$/);
        for (const { target, patch } of overlay.patches ?? []) {
          assert.equal(target.name, service);
          for (const { op, path } of parse(patch) as { op: string; path: string }[]) {
            assert.equal(op, "replace", `${target.kind} ${path}`);
            assert.match(path, mayDiffer[target.kind] ?? /never/, target.kind);
          }
        }
      });
    }

    for (const service of services) {
      it(`state the image of ${service} in a file of its own`, () => {
        const files = readdirSync(join(folder, service)).filter(
          (file) => !file.endsWith("-sealed-secret.yaml"),
        );
        assert.deepEqual(files.sort(), ["image.yaml", "kustomization.yaml"]);
        const path = join(folder, service, "image.yaml");
        const image = readImage(readFileSync(path, "utf8"), path);
        assert.equal(image.name, `ghcr.io/platform/${service}`);
        assert.equal(image.digest !== undefined, environment !== "dev");
        assert.deepEqual(valueOf<Overlay>(join(folder, service, "kustomization.yaml")).transformers, [
          "image.yaml",
        ]);
      });

      it(`tell ${service} its environment and fetch its secret from there`, () => {
        const overlay = valueOf<Overlay>(join(folder, service, "kustomization.yaml"));
        const [generator] = overlay.configMapGenerator ?? [];
        assert.equal(generator?.behavior, "merge");
        assert.ok(generator.literals.includes(`APP_ENV=${environment}`));
        const patch = overlay.patches?.find(({ target }) => target.kind === "ExternalSecret")?.patch ?? "";
        assert.match(patch, new RegExp(`value: platform/${environment}/${service}$`, "m"));
      });
    }
  });
}

describe("the folder of overlays", () => {
  it("has one folder for each environment and none else", () => {
    assert.deepEqual(foldersIn(overlays), [...environments].sort());
  });

  it("has a kustomization in every folder, so that Argo CD never takes one for plain manifests", () => {
    for (const environment of environments) {
      for (const service of foldersIn(join(overlays, environment))) {
        assert.ok(
          existsSync(join(overlays, environment, service, "kustomization.yaml")),
          `${environment}/${service}`,
        );
      }
    }
  });
});
