import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import type { Rendered } from "../../../cli/manifests/build";
import { readSources } from "../../../cli/manifests/kustomization";
import { isRemote } from "../../../cli/manifests/kustomization-entries";
import { kustomizationFields } from "../../../cli/manifests/rules/kustomization-fields";
import { patchTarget } from "../../../cli/manifests/rules/patch-target";
import { unreadFile } from "../../../cli/manifests/rules/unread-file";
import { unusedBase } from "../../../cli/manifests/rules/unused-base";
import { readObjects } from "../../../cli/manifests/yaml";

const fixtures = resolve(__dirname, "../../fixtures/manifests");

async function problems(name: string): Promise<string[]> {
  const found = await readSources(join(fixtures, "bad", name), fixtures, fixtures);
  return found.problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

async function rendered(name: string, environment: Rendered["environment"]): Promise<Rendered> {
  const directory = join(fixtures, name);
  const { kustomizations } = await readSources(directory, fixtures, fixtures);
  return { directory, path: name, environment, service: "bff", kustomizations, objects: [], problems: [] };
}

describe("the sources of a build", () => {
  it("refuses bases from outside the repository, one line each", async () => {
    const found = await problems("remote-base");
    assert.deepEqual(
      found.map((line) => line.split(" ").slice(0, 3).join(" ")),
      [
        "bad/remote-base/kustomization.yaml:4 takes https://github.com/organization/platform//infrastructure/k8s/base/bff?ref=main",
        "bad/remote-base/kustomization.yaml:5 takes github.com/organization/platform/infrastructure",
        "bad/remote-base/kustomization.yaml:6 takes git@github.com:organization/platform.git",
      ],
    );
  });

  it("takes a local path for local, however it looks", () => {
    for (const path of ["../../base/bff", "deployment.yaml", "./github.com", "v1.2/settings.yaml"]) {
      assert.equal(isRemote(path), false, path);
    }
  });

  it("refuses absolute paths, paths out of the repository and paths that lead nowhere", async () => {
    assert.match((await problems("absolute"))[0]!, /:4 names the absolute path \/etc\/hosts/);
    assert.match((await problems("outside"))[0]!, /:4 reaches .* outside/);
    assert.match((await problems("missing"))[0]!, /:4 names deployment.yaml, which does not exist/);
  });

  it("refuses a folder without a kustomization and one with two documents", async () => {
    assert.match((await problems("nowhere"))[0]!, /has no kustomization.yaml/);
    assert.match((await problems("two-documents"))[0]!, /one YAML document/);
  });

  it("follows bases and lists the manifests of all of them", async () => {
    const { kustomizations } = await readSources(
      join(fixtures, "bad", "patch-without-target"),
      fixtures,
      fixtures,
    );
    assert.deepEqual(kustomizations[0]!.files, ["bad/patch-without-target/service.yaml"]);
  });
});

describe("files of a build", () => {
  const rendering = async (name: string) => await rendered(`bad/${name}`, "dev");

  it("must be listed, or they are never delivered", async () => {
    const [finding, ...more] = unreadFile(await rendering("unread-file"));
    assert.equal(finding!.file, "bad/unread-file/network-policy.yaml");
    assert.match(finding!.message, /not listed in kustomization.yaml/);
    assert.deepEqual(more, []);
  });

  it("may be patches and what generators take in", async () => {
    assert.deepEqual(unreadFile(await rendering("missing-patch")), []);
  });

  it("must exist, also where a patch or a generator names them", async () => {
    const found = await problems("missing-patch");
    assert.deepEqual(
      found.map((line) => line.replace(/;.*/, "")),
      [
        "bad/missing-patch/kustomization.yaml:6 names patches/replicas.yaml, which does not exist",
        "bad/missing-patch/kustomization.yaml:12 names nothing.json, which does not exist",
      ],
    );
  });
});

describe("a base", () => {
  it("that no overlay takes in is reported", async () => {
    const build = await rendered("bad/unread-file", "dev");
    const other = join(fixtures, "bad", "missing-patch");
    assert.deepEqual(
      unusedBase([build], [build.directory, other], fixtures).map(({ file, level }) => [file, level]),
      [["bad/missing-patch", "advisory"]],
    );
  });
});

describe("fields of a kustomization", () => {
  it("warns of deprecated ones, and refuses them in production", async () => {
    const seed = "seed/infrastructure/k8s/overlays/production";
    const level = async (environment: Rendered["environment"]) =>
      kustomizationFields(await rendered(seed, environment)).find(({ message }) =>
        message.startsWith("bases"),
      )?.level;
    assert.equal(await level("staging"), "advisory");
    assert.equal(await level("production"), "mandatory");
  });

  it("refuses what competes with another owner of the same value", async () => {
    const seed = await rendered("seed/infrastructure/k8s/overlays/production", "dev");
    const mandatory = kustomizationFields(seed).filter(({ level }) => level === "mandatory");
    assert.deepEqual(
      mandatory.map(({ message }) => message.split(":")[0]),
      ["replicas", "images"],
    );
  });
});

describe("the target of a patch", () => {
  const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: bff\n";
  const check = async (manifests: string) => {
    const build = await rendered("bad/patch-without-target", "dev");
    return patchTarget({ ...build, objects: readObjects(manifests, "out").objects });
  };

  it("refuses a patch that selects no object, with the line it stands on", async () => {
    const [finding] = await check(service);
    assert.equal(finding!.line, 6);
    assert.match(finding!.message, /kind Deployment, name bff/);
  });

  it("takes a patch that selects one, also by a name without the generated hash", async () => {
    assert.deepEqual(await check(service.replace("Service", "Deployment")), []);
    assert.deepEqual(
      await check(service.replace("Service", "Deployment").replace("bff", "bff-h2g97mb66d")),
      [],
    );
  });

  it("does not take a name that only begins like the target", async () => {
    assert.equal((await check(service.replace("Service", "Deployment").replace("bff", "bff-two"))).length, 1);
  });
});
