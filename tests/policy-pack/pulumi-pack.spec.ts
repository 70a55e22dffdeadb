import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { evaluate } from "../../policy-pack/evaluate";
import { rules } from "../../policy-pack/rules";
import { brokenSets } from "./broken";
import { deployment } from "./cases/objects";
import { packFolder, PulumiPack, resourceOf, type Diagnostic } from "./pulumi-pack";

/** What the SDK receives for a text that is not known before the update. */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function mandatory(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ isMandatory, policy }) => isMandatory && policy !== "exemptions");
}

function ruleOf({ policy }: Diagnostic): string {
  return policy.split("-")[0]!;
}

const onHub = { protect: true, provider: "hub" };

describe("the policy pack, as the engine runs it", function () {
  this.timeout(60_000);
  let production: PulumiPack;
  let dev: PulumiPack;

  before(async () => {
    [production, dev] = await Promise.all([PulumiPack.start("production"), PulumiPack.start("dev")]);
  });

  after(() => {
    production.stop();
    dev.stop();
  });

  for (const { rule, objects, protect, provider } of brokenSets) {
    it(`refuses the set with one fault by ${rule} alone`, async () => {
      const resources = objects.map((object) =>
        resourceOf(object, { protect, provider, secretOutputs: ["data"] }),
      );
      const said = [
        ...(await Promise.all(resources.map((resource) => production.analyze(resource)))).flat(),
        ...(await production.analyzeStack(resources)),
      ];
      assert.deepEqual([...new Set(mandatory(said).map(ruleOf))], [rule]);
    });
  }

  it("says the same words as the check of manifests", async () => {
    const { objects } = brokenSets.find(({ rule }) => rule === "W1")!;
    const context = { environment: "production", exemptions: [], now: new Date("2026-01-01") } as const;
    const expected = evaluate(
      objects.map((object) => ({ object })),
      { ...context, rules, complete: false },
    );
    const said = await production.analyze(resourceOf(objects[0]!, onHub));
    assert.deepEqual(
      mandatory(said).map(({ message }) => message),
      expected.map(({ message }) => message),
    );
  });

  it("fails where a mandatory rule meets a value that is not known yet", async () => {
    const object = structuredClone(deployment());
    (object.spec as { template: { spec: Record<string, unknown> } }).template.spec.hostNetwork = unknownText;
    const said = mandatory(await production.analyze(resourceOf(object, onHub)));
    assert.deepEqual([...new Set(said.map(ruleOf))], ["W1"]);
    assert.match(said[0]!.message, /hostNetwork: is only known during the update/);
  });

  it("does not fail where an unknown value decides nothing", async () => {
    const object = { ...deployment(), metadata: { ...deployment().metadata, uid: unknownText } };
    assert.deepEqual(mandatory(await production.analyze(resourceOf(object, onHub))), []);
  });

  it("never repeats a value of a Secret", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "cluster" } },
      stringData: {
        server: "https://a.example.com",
        config: '{"bearerToken":"canary-value","tlsClientConfig":',
      },
      data: { other: Buffer.from("canary-value").toString("base64") },
      type: "kubernetes.io/service-account-token",
    };
    const said = await production.analyze(resourceOf(secret, onHub));
    assert.ok(said.length > 0);
    assert.doesNotMatch(JSON.stringify(said), /canary|Y2FuYXJ5/);
  });

  it("gives advice in dev where production refuses", async () => {
    const { objects } = brokenSets.find(({ rule }) => rule === "W3")!;
    const object = { ...objects[0]!, metadata: { name: "bff", namespace: "platform-dev" } };
    const said = await dev.analyze(resourceOf(object, onHub));
    assert.deepEqual(
      said.map(({ policy, isMandatory }) => ({ policy, isMandatory })),
      [{ policy: "W3-advisory", isMandatory: false }],
    );
  });

  it("judges every item of a list", async () => {
    const { objects } = brokenSets.find(({ rule }) => rule === "R1")!;
    const list = { apiVersion: "v1", kind: "List", items: [...objects] };
    const said = await production.analyzeStack([resourceOf(list, onHub)]);
    assert.deepEqual(mandatory(said).map(ruleOf), ["R1"]);
  });

  it("takes levels from the configuration of the pack", async () => {
    const { objects } = brokenSets.find(({ rule }) => rule === "N1")!;
    const pack = await PulumiPack.start("production");
    try {
      await pack.configure({ N1: EnforcementLevel.ADVISORY });
      const said = await pack.analyze(resourceOf(objects[0]!, onHub));
      assert.deepEqual(
        said.map(({ policy, isMandatory }) => ({ policy, isMandatory })),
        [{ policy: "N1", isMandatory: false }],
      );
    } finally {
      pack.stop();
    }
  });

  it("fills in what is safe only where it is asked to", async () => {
    const object = structuredClone(deployment());
    const template = (object.spec as { template: { spec: Record<string, unknown> } }).template;
    delete template.spec.securityContext;
    const resource = resourceOf(object, onHub);
    const namespace = resourceOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } }, onHub);
    const pack = await PulumiPack.start("production");
    try {
      assert.deepEqual(await pack.remediate(resource), []);
      await pack.configure({ W2: EnforcementLevel.REMEDIATE, W7: EnforcementLevel.REMEDIATE });
      const [changed] = await pack.remediate(resource);
      assert.equal(changed?.policy, "W2");
      assert.match(JSON.stringify(changed?.properties), /"seccompProfile":\{"type":"RuntimeDefault"\}/);
      const [labelled] = await pack.remediate(namespace);
      assert.match(
        JSON.stringify(labelled?.properties),
        /"pod-security.kubernetes.io\/enforce":"restricted"/,
      );
      const chosen = {
        ...namespace,
        properties: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      };
      assert.deepEqual(await pack.remediate(chosen), []);
    } finally {
      pack.stop();
    }
  });

  it("fails for a stack that is no environment", async () => {
    const pack = await PulumiPack.start("development");
    try {
      await assert.rejects(
        pack.analyze(resourceOf(deployment(), onHub)),
        /does not know the environment "development"/,
      );
    } finally {
      pack.stop();
    }
  });

  it("does not start without its dependencies", async () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-pack-"));
    try {
      cpSync(packFolder, folder, { recursive: true });
      await assert.rejects(PulumiPack.start("production", folder), /Cannot find module/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
