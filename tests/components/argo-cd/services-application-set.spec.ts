import assert from "node:assert/strict";
import { renderServicesApplicationSetSpec } from "../../../components/argo-cd/services-application-set";

const args = {
  project: "platform",
  git: { url: "https://github.com/organization/platform", revision: "main" },
  environment: "staging",
  serviceNamespace: "platform-staging",
  preserve: true,
};

describe("the ApplicationSet of the services", () => {
  const spec = renderServicesApplicationSetSpec(args);

  it("asks git before clusters, because the second generator runs once per result of the first", () => {
    const [first, second] = spec.generators[0]!.matrix.generators;
    assert.ok("git" in first! && "clusters" in second!);
  });

  it("meets clusters and folders of its own environment only", () => {
    const [folders, clusters] = spec.generators[0]!.matrix.generators;
    assert.deepEqual(folders!.git?.directories, [{ path: "infrastructure/k8s/overlays/staging/*" }]);
    assert.equal(clusters!.clusters?.selector.matchLabels.environment, "staging");
  });

  it("fails on a parameter that is missing instead of delivering nonsense", () => {
    assert.deepEqual([spec.goTemplate, spec.goTemplateOptions], [true, ["missingkey=error"]]);
  });

  it("names its project literally, so that no folder or label can choose another", () => {
    assert.equal(spec.template.spec.project, "platform");
  });

  it("survives the loss of a folder, a cluster or itself where workloads are preserved", () => {
    assert.deepEqual(spec.syncPolicy, {
      applicationsSync: "create-update",
      preserveResourcesOnDeletion: true,
    });
    assert.deepEqual(renderServicesApplicationSetSpec({ ...args, preserve: false }).syncPolicy, {
      applicationsSync: "sync",
      preserveResourcesOnDeletion: false,
    });
  });

  it("never empties an Application that renders to nothing", () => {
    assert.ok(!("allowEmpty" in spec.template.spec.syncPolicy.automated));
  });

  it("leaves the freeze of an emergency rollback alone", () => {
    assert.deepEqual(spec.ignoreApplicationDifferences, [
      { jsonPointers: ["/spec/syncPolicy/automated/enabled"] },
    ]);
    assert.deepEqual(spec.preservedFields, { annotations: ["gitops-platform/freeze"] });
    assert.ok(!("enabled" in spec.template.spec.syncPolicy.automated));
  });

  it("updates clusters in the given order, each as a step of its own, when asked to", () => {
    const { strategy } = renderServicesApplicationSetSpec({ ...args, rolloutOrder: ["eu", "us"] }) as {
      strategy: { rollingSync: { steps: { matchExpressions: { values: string[] }[] }[] } };
    };
    assert.deepEqual(
      strategy.rollingSync.steps.map((step) => step.matchExpressions[0]!.values),
      [["eu"], ["us"]],
    );
    assert.equal(
      renderServicesApplicationSetSpec({ ...args, rolloutOrder: ["eu"] }).ignoreApplicationDifferences,
      undefined,
      "automated sync of an Application that exists already could never be switched off",
    );
  });
});
