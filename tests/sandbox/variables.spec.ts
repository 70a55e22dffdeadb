import assert from "node:assert/strict";
import { SandboxError } from "../../sandbox/errors";
import { readVariables, workTree } from "../../sandbox/variables";

describe("the variables of make", () => {
  it("take an empty variable for an omitted one", () => {
    const variables = readVariables({ STACK: "", CONTEXT: "", SANDBOX_DIR: "", SANDBOX_PORT: "" });
    assert.equal(variables.STACK, "dev");
    assert.ok(variables.SANDBOX_DIR.startsWith(workTree));
  });

  it("make a relative folder absolute", () => {
    assert.equal(readVariables({ SANDBOX_DIR: "here" }).SANDBOX_DIR, `${process.cwd()}/here`);
  });

  const refused: [string, NodeJS.ProcessEnv, RegExp][] = [
    [
      "a stack that is no environment, suggesting the nearest",
      { STACK: "prod" },
      /STACK: "prod".*"production"/,
    ],
    ["a port that is not a number", { SANDBOX_PORT: "http" }, /SANDBOX_PORT: is not a number/],
    [
      "a port whose range ends beyond the last one",
      { SANDBOX_PORT: "65530" },
      /SANDBOX_PORT: must lie between/,
    ],
    ["a port that needs root", { SANDBOX_PORT: "80" }, /SANDBOX_PORT: must lie between/],
    ["a folder too long for sockets", { SANDBOX_DIR: `/${"x".repeat(90)}` }, /SANDBOX_DIR: is longer than/],
  ];
  for (const [what, environment, message] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(
        () => readVariables(environment),
        (error: Error) => error instanceof SandboxError && message.test(error.message),
      );
    });
  }

  it("report every wrong variable at once", () => {
    assert.throws(() => readVariables({ STACK: "qa", SANDBOX_PORT: "x" }), /STACK[\s\S]*SANDBOX_PORT/);
  });
});
