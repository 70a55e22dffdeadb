import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Rule } from "../../policy-pack/rule";
import { ruleCases } from "./cases";
import { expectations, type Expectation } from "./cases/judge-cases";
import { loadRule } from "./mutation/load-rule";
import { mutants } from "./mutation/mutants";

const pack = join(__dirname, "..", "..", "policy-pack");

function filesIn(folder: string): string[] {
  return readdirSync(join(pack, folder))
    .filter((name) => name !== "index.ts")
    .map((name) => join(pack, folder, name));
}

const ruleFiles = filesIn("rules");

/** The rules whose judgement a file decides: its own, or the two profiles of the Pod Security Standards. */
function affectedRules(file: string): string[] {
  return ruleFiles.includes(file) ? [file] : ruleFiles.filter((ruleFile) => /\/w[12]-/.test(ruleFile));
}

const expected = new Map(
  ruleFiles.map((file) => {
    const { id } = loadRule(file, new Map());
    return [file, ruleCases.filter(({ rule }) => rule === id).flatMap(expectations)] as const;
  }),
);

function holds({ expected, found }: Expectation, rule: Rule): boolean {
  try {
    return isDeepStrictEqual(found(rule), expected);
  } catch {
    return false;
  }
}

function isNoticed(file: string, source: string): boolean {
  return affectedRules(file).some((ruleFile) => {
    const rule = loadRule(ruleFile, new Map([[file, source]]));
    return expected.get(ruleFile)!.some((expectation) => !holds(expectation, rule));
  });
}

describe("the tests of the policy rules", function () {
  this.timeout(60_000);

  for (const file of [...ruleFiles, ...filesIn("pod-security")]) {
    it(`notice every guard that ${relative(pack, file)} loses`, () => {
      const unnoticed = mutants(file, readFileSync(file, "utf8")).filter(
        ({ source }) => !isNoticed(file, source),
      );
      assert.deepEqual(
        unnoticed.map(({ name }) => name),
        [],
      );
    });
  }

  it("are tried on more guards than there are rules", () => {
    const guards = ruleFiles.flatMap((file) => mutants(file, readFileSync(file, "utf8")));
    assert.ok(guards.length > 5 * ruleFiles.length, `only ${guards.length} guards were found`);
  });
});
