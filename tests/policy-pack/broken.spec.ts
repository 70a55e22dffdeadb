import assert from "node:assert/strict";
import { checkPaths } from "../../cli/manifests/check-paths";
import { evaluate } from "../../policy-pack/evaluate";
import { rules } from "../../policy-pack/rules";
import { brokenFolder, brokenSets, type Broken } from "./broken";

const options = {
  environment: "production",
  exemptions: [],
  now: new Date("2026-01-01"),
  rules,
  complete: false,
} as const;

function refusedBy({ objects, protect, provider }: Broken, by: "pulumi" | "git"): string[] {
  const pulumi = {
    urn: "urn:pulumi:production::gitops-platform::kubernetes:core/v1:Anything::anything",
    protect,
    secretOutputs: [],
    provider: { name: provider, inputs: {} },
  };
  const violations = evaluate(
    objects.map((object) => ({ object, ...(by === "pulumi" && { pulumi }) })),
    options,
  );
  return [...new Set(violations.map((violation) => violation.rule.split("/")[0]!))];
}

describe("a set of objects with one fault", () => {
  it("exists for every rule", () => {
    assert.deepEqual(brokenSets.map(({ rule }) => rule).sort(), rules.map(({ id }) => id).sort());
  });

  for (const broken of brokenSets) {
    it(`is refused by ${broken.rule} and nothing else`, () => {
      assert.deepEqual(refusedBy(broken, broken.onlyPulumi ? "pulumi" : "git"), [broken.rule]);
    });

    if (broken.onlyPulumi) continue;
    it(`is refused by ${broken.rule} and nothing else in \`platform check\``, async () => {
      const { findings } = await checkPaths([broken.file], "production", brokenFolder);
      const mandatory = findings.filter(({ level }) => level === "mandatory");
      assert.deepEqual([...new Set(mandatory.map(({ rule }) => rule.split("/")[0]))], [broken.rule]);
    });
  }
});
