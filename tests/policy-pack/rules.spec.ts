import assert from "node:assert/strict";
import { leveledRules } from "../../policy-pack/levels";
import { rules } from "../../policy-pack/rules";
import { ruleCases } from "./cases";
import { expectations } from "./cases/judge-cases";

describe("the policy rules", () => {
  it("are the checks that have a level, each once", () => {
    assert.deepEqual(
      rules.map((rule) => rule.id),
      leveledRules,
    );
  });

  for (const rule of rules) {
    describe(`${rule.id}: ${rule.title}`, () => {
      const cases = ruleCases.filter((candidate) => candidate.rule === rule.id);

      it("is shown what keeps to it, what breaks it and what leaves a field out", () => {
        assert.ok(cases.some(({ fails }) => fails.length > 0));
        assert.ok(cases.some(({ absent }) => absent.length > 0));
      });

      for (const { title, expected, found } of cases.flatMap(expectations)) {
        it(title, () => assert.deepEqual(found(rule), expected));
      }
    });
  }
});
