import assert from "node:assert/strict";
import { readVersions, replaceVersions } from "../../../cli/promotion/versions-key";
import { git } from "../support/repository";
import { World } from "../support/world";

const tags = { dev: { bff: "1.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };

function stack(argoCd: string, policy: string): string {
  return [
    "# What the stack says.",
    "config:",
    "  gitops-platform:hub:",
    "    name: eu # keep",
    "  gitops-platform:versions:",
    "    charts:",
    `      argo-cd: ${argoCd}`,
    "      cert-manager: v1.21.1",
    `    policy: ${policy}`,
    "  gitops-platform:metrics: true",
    "",
  ].join("\n");
}

const promote = ["promote", "--platform", "--from", "dev", "--to", "staging", "--yes"];

function deployment(chart: string, updated: string, available = "True") {
  return {
    metadata: { namespace: "argocd", name: chart, generation: 1, labels: { "helm.sh/chart": chart } },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      conditions: [
        { type: "Available", status: available },
        { type: "Progressing", status: "True", lastUpdateTime: updated },
      ],
    },
  };
}

describe("platform promote --platform", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.create({ tags, gates: { staging: "{ policy: false, soak: 1h }" } });
    world.runEverything(tags);
    world.repository.write("Pulumi.dev.yaml", stack("10.2.0", "1.1.0"));
    world.repository.write("Pulumi.staging.yaml", stack("10.1.1", "1.0.0"));
    world.repository.commit("Stacks");
    world.hubs.dev.deployments = [
      deployment("argo-cd-10.2.0", "2026-01-01T00:00:00Z"),
      deployment("cert-manager-v1.21.1", "2026-01-01T00:00:00Z"),
    ];
  });
  afterEach(() => world.remove());

  it("copies the versions and nothing else, and shows what changes", async () => {
    const { code, stdout, stderr } = await world.platform(promote);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /argo-cd: 10\.1\.1 -> 10\.2\.0\n {2}policy: 1\.0\.0 -> 1\.1\.0/);
    assert.equal(world.repository.read("Pulumi.staging.yaml"), stack("10.2.0", "1.1.0"));
    assert.match(
      git(world.repository.remote, "log", "-1", "--format=%B", "main"),
      /Platform: dev -> staging\nVersion: argo-cd: 10\.1\.1 -> 10\.2\.0/,
    );
  });

  it("ends with 0 and no commit where the target has them already", async () => {
    await world.platform(promote);
    const head = world.repository.head();
    const { code, stdout } = await world.platform(promote);
    assert.deepEqual([code, world.repository.head()], [0, head]);
    assert.match(stdout, /Nothing to promote/);
  });

  const refused: [string, () => void, RegExp][] = [
    [
      "another chart version on the source's hub",
      () => (world.hubs.dev.deployments[0] = deployment("argo-cd-10.1.1", "2026-01-01T00:00:00Z")),
      /runs argo-cd-10\.1\.1, not 10\.2\.0/,
    ],
    [
      "a controller that is not available",
      () => (world.hubs.dev.deployments[0] = deployment("argo-cd-10.2.0", "2026-01-01T00:00:00Z", "False")),
      /is not available/,
    ],
    [
      "a soak time that is not over",
      () => (world.hubs.dev.deployments[0] = deployment("argo-cd-10.2.0", new Date().toISOString())),
      /0 of 60 minutes/,
    ],
    [
      "a service that is not healthy in the source",
      () => world.run("dev", "bff", "1.0.0", { health: "Degraded" }),
      /REFUSED deployed bff/,
    ],
    [
      "a hub that does not answer",
      () => (world.hubs.dev.status = 500),
      /REFUSED charts dev: cannot be answered/,
    ],
  ];
  for (const [what, spoil, reason] of refused) {
    it(`refuses ${what}`, async () => {
      spoil();
      const { code, stdout } = await world.platform(promote);
      assert.equal(code, 1);
      assert.match(stdout, reason);
      assert.equal(world.repository.read("Pulumi.staging.yaml"), stack("10.1.1", "1.0.0"));
    });
  }

  it("refuses the wrong order and single services", async () => {
    const skip = await world.platform([
      "promote",
      "--platform",
      "--from",
      "dev",
      "--to",
      "production",
      "--yes",
    ]);
    const service = await world.platform([...promote, "--service", "bff"]);
    assert.deepEqual([skip.code, service.code], [2, 2]);
  });
});

describe("the versions of a stack file", () => {
  const versions = { charts: { "argo-cd": "10.2.0" }, policy: "1.1.0" };

  it("are added below the other keys where there are none", () => {
    const text = "config:\n  gitops-platform:metrics: true\n# end\n";
    const result = replaceVersions(text, versions, "p");
    assert.deepEqual(readVersions(result, "p"), versions);
    assert.ok(result.startsWith("config:\n  gitops-platform:metrics: true\n") && result.endsWith("# end\n"));
  });

  it("return to the same bytes", () => {
    const text = stack("10.1.1", "1.0.0");
    assert.equal(replaceVersions(replaceVersions(text, versions, "p"), readVersions(text, "p"), "p"), text);
  });

  const faults: [string, string][] = [
    ["a range", stack("^10.1.1", "1.0.0")],
    ["a version read as a number", stack("10.1", "1.0.0")],
    ["latest", stack("latest", "1.0.0")],
    ["a misspelled key", stack("10.1.1", "1.0.0").replace("    charts:", "    chart:")],
    ["no versions at all", "config:\n  a: 1\n"],
    ["no config", "a: 1\n"],
  ];
  it("name key, value and fix in a refusal", () => {
    assert.throws(
      () => readVersions(stack("^10.1.1", "1.0.0"), "Pulumi.dev.yaml"),
      /gitops-platform:versions\.charts\.argo-cd: is not an exact version; write it like 1\.2\.3; found "\^10\.1\.1"/,
    );
  });

  for (const [what, text] of faults) {
    it(`refuse ${what}`, () =>
      assert.throws(() => readVersions(text, "Pulumi.dev.yaml"), /^CliError: Pulumi\.dev\.yaml: /));
  }
});
