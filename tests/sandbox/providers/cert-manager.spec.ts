import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { releaseInputs } from "../../../sandbox/providers/cert-manager/release-inputs";

describe("the release of the CertManager component", () => {
  it("is the newest chart of the public repository unless told otherwise", () => {
    const inputs = releaseInputs({});
    assert.deepEqual(
      [inputs["chart"], inputs["repositoryOpts"], inputs["version"]],
      ["cert-manager", { repo: "https://charts.jetstack.io" }, undefined],
    );
  });

  it("takes name, namespace, version and repository from helmOptions", () => {
    const helmOptions = {
      name: "cm",
      namespace: "cert-manager",
      version: "v1.2.3",
      repositoryOpts: { repo: "https://mirror" },
    };
    const { name, namespace, version, repositoryOpts } = releaseInputs({ helmOptions });
    assert.deepEqual({ name, namespace, version, repositoryOpts }, helmOptions);
  });

  it("has no repository when helmOptions say so, because the chart is a path", () => {
    const helmOptions = { chart: "./charts/cert-manager", repositoryOpts: { repo: "" } };
    assert.deepEqual(releaseInputs({ helmOptions })["repositoryOpts"], { repo: "" });
  });

  it("passes typed arguments on as values and keeps the values that have no argument", () => {
    const { values } = releaseInputs({
      replicaCount: 2,
      helmOptions: { values: { crds: { enabled: true } } },
    });
    assert.deepEqual(values, { replicaCount: 2, crds: { enabled: true } });
  });

  it("loses a value that has an argument of the same name, even an unset one", () => {
    const values = { replicaCount: 3, webhook: { replicaCount: 3 }, config: { a: 1 } };
    assert.deepEqual(releaseInputs({ helmOptions: { values } })["values"], { config: { a: 1 } });
    assert.deepEqual(releaseInputs({ replicaCount: 1, helmOptions: { values } })["values"], {
      config: { a: 1 },
      replicaCount: 1,
    });
  });

  it("drops valueYamlFiles", () => {
    assert.equal(
      releaseInputs({ helmOptions: { valueYamlFiles: [{ path: "values.yaml" }] } })["valueYamlFiles"],
      undefined,
    );
  });
});
