import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import type { Rendered } from "../../../cli/manifests/build";
import { isRemote, readSources } from "../../../cli/manifests/kustomization";
import { kustomizationFields } from "../../../cli/manifests/rules/kustomization-fields";
import { patchTarget } from "../../../cli/manifests/rules/patch-target";
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
