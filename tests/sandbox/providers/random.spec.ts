import assert from "node:assert/strict";
import { compareSync } from "bcryptjs";
import { describe, it } from "mocha";
import fc from "fast-check";
import { randomText, recipeProblem } from "../../../sandbox/providers/random/characters";
import { kindOf } from "../../../sandbox/providers/random/kinds";
import { recipeFrom } from "../../../sandbox/providers/random/text";
import { isSecret, unknown, withoutSecretMarks } from "../../../sandbox/providers/protocol/properties";

const password = kindOf("random:index/randomPassword:RandomPassword");

describe("a random password", () => {
  it("has its length and at least as many characters of each kind as asked for", () => {
    const counts = fc.nat({ max: 5 });
    fc.assert(
      fc.property(
        counts,
        counts,
        counts,
        counts,
        counts,
        (minLower, minUpper, minNumeric, minSpecial, more) => {
          const length = minLower + minUpper + minNumeric + minSpecial + more + 1;
          const text = randomText(recipeFrom({ length, minLower, minUpper, minNumeric, minSpecial }));
          const count = (pattern: RegExp) => [...text].filter((character) => pattern.test(character)).length;
          return (
            text.length === length &&
            count(/[a-z]/) >= minLower &&
            count(/[A-Z]/) >= minUpper &&
            count(/[0-9]/) >= minNumeric &&
            count(/[^a-zA-Z0-9]/) >= minSpecial
          );
        },
      ),
    );
  });

  it("has none of the characters that are switched off", () => {
    assert.match(randomText(recipeFrom({ length: 200, special: false, upper: false })), /^[a-z0-9]{200}$/);
    assert.match(randomText(recipeFrom({ length: 200, number: false, special: false })), /^[a-zA-Z]{200}$/);
  });

  it("takes its special characters from overrideSpecial", () => {
    const recipe = recipeFrom({
      length: 100,
      lower: false,
      upper: false,
      numeric: false,
      overrideSpecial: "_-",
    });
    assert.match(randomText(recipe), /^[_-]{100}$/);
  });

  it("is refused when the minimums do not fit, or no character is left", () => {
    assert.match(String(recipeProblem(recipeFrom({ length: 3, minLower: 4 }))?.reason), /at least 4/);
    const none = { length: 3, lower: false, upper: false, numeric: false, special: false };
    assert.equal(recipeProblem(recipeFrom(none))?.property, "lower");
  });

  it("keeps result and hash secret, and the hash is the result's", () => {
    const { id, state } = password.make({ length: 20 });
    assert.equal(id, "none");
    assert.ok(isSecret(state["result"]) && isSecret(state["bcryptHash"]));
    const { result, bcryptHash } = withoutSecretMarks(state) as { result: string; bcryptHash: string };
    assert.match(bcryptHash, /^\$2a\$10\$/);
    assert.ok(compareSync(result, bcryptHash));
  });

  it("is unknown in a preview, its settings are not", () => {
    const { result, bcryptHash, special, length } = password.plan({ length: 20 });
    assert.deepEqual([result, bcryptHash, special, length], [unknown, unknown, true, 20]);
  });

  it("is imported by its value", () => {
    const adopted = password.adopt?.("hunter2");
    assert.equal(adopted?.id, "none");
    assert.equal((withoutSecretMarks(adopted?.state ?? {}) as { result: string }).result, "hunter2");
  });
});
