import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { checkPaths } from "../../../cli/manifests/check-paths";
import { badInputs, badInputsByKind, forgottenFixtures, placeOf } from "./bad-inputs";

describe("bad input", () => {
  for (const [kind, inputs] of Object.entries(badInputsByKind)) {
    describe(`in ${kind}`, () => {
      for (const input of inputs.filter(({ built }) => !built)) {
        it(`is refused at its place: ${placeOf(input)}`, async () => {
          const { findings } = await checkPaths(
            [join(badInputs, input.fixture)],
            input.environment,
            badInputs,
          );
          const said = findings.map(
            ({ file, line, rule, message }) => `${file}${line ? `:${line}` : ""} ${rule} ${message}`,
          );
          const wanted = said.filter(
            (line) => line.startsWith(`${placeOf(input)} ${input.rule} `) && input.message.test(line),
          );
          assert.equal(wanted.length, 1, said.join("\n"));
        });
      }
    });
  }

  it("has no fixture that nobody looks at", () => assert.deepEqual(forgottenFixtures(), []));
});
