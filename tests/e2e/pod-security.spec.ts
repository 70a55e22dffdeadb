import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as fc from "fast-check";
import { baseline } from "../../policy-pack/pod-security/baseline";
import { restrictedProfile } from "../../policy-pack/pod-security/restricted";
import type { Control } from "../../policy-pack/pod-security/control";
import type { KubernetesObject } from "../../policy-pack/rule";
import { podTemplates } from "../../policy-pack/workloads";
import { pods } from "../policy-pack/pod-security-oracle/pods";

const oracleFolder = join(__dirname, "..", "policy-pack", "pod-security-oracle");
const count = 6000;
const seed = 20260101;

function allows(controls: readonly Control[], pod: KubernetesObject): boolean {
  return podTemplates(pod).every((template) =>
    controls.every((control) => [...control.check(template)].length === 0),
  );
}

describe("the Pod Security Standards of the policy pack", function () {
  this.timeout(600_000);
  let folder: string;
  let oracle: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pod-security-"));
    oracle = join(folder, "oracle");
    await execa("go", ["build", "-o", oracle, "."], { cwd: oracleFolder });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it(`decide ${count} generated pods as the API server's own evaluator does`, async () => {
    // What JSON drops must be dropped before either side sees it.
    const samples = fc.sample(pods, { numRuns: count, seed }).map((pod) => JSON.stringify(pod));
    const { stdout } = await execa(oracle, { input: samples.join("\n") });
    const verdicts = stdout.split("\n");
    assert.equal(verdicts.length, count);
    const different = samples.filter((sample, index) => {
      const pod = JSON.parse(sample) as KubernetesObject;
      return `${allows(baseline, pod)} ${allows(restrictedProfile, pod)}` !== verdicts[index];
    });
    assert.deepEqual(different.slice(0, 3), []);
    const templates = samples.flatMap((sample) => podTemplates(JSON.parse(sample) as KubernetesObject));
    for (const control of [...baseline, ...restrictedProfile]) {
      const broken = templates.filter((template) => [...control.check(template)].length > 0).length;
      assert.ok(
        broken > 20,
        `only ${broken} pods break ${control.id}, so that the comparison says little of it`,
      );
    }
    for (const verdict of ["true true", "true false", "false false"]) {
      const share = verdicts.filter((line) => line === verdict).length;
      assert.ok(
        share > count / 20,
        `only ${share} pods are "${verdict}", so that the comparison says little`,
      );
    }
  });
});
