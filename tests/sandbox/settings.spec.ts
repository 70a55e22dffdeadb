import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contradictions, findSandbox, openSandbox } from "../../sandbox/settings";
import { readVariables } from "../../sandbox/variables";

describe("the settings of a sandbox", () => {
  let directory = "";
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "settings-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (environment: NodeJS.ProcessEnv) => {
    const all = { SANDBOX_DIR: directory, ...environment };
    return openSandbox(readVariables(all), all);
  };

  it("are kept, so that later commands need no variables", () => {
    open({ STACK: "staging", SANDBOX_PORT: "20000" });
    const found = findSandbox(readVariables({ SANDBOX_DIR: directory }));
    assert.equal(found?.settings.stack, "staging");
    assert.equal(found.layout.hub.ports.kubernetes, 20000);
  });

  it("stay when `up` is run again without variables", () => {
    open({ STACK: "staging", SANDBOX_PORT: "20000" });
    assert.equal(open({}).settings.stack, "staging");
  });

  it("refuse another stack in the same folder", () => {
    open({ STACK: "staging" });
    assert.throws(() => open({ STACK: "dev" }), /was made with STACK=staging/);
  });

  it("refuse to turn a sandbox into a way to the user's own cluster", () => {
    const made = { stack: "dev", context: "", port: 20000, workTree: "/project" } as const;
    assert.deepEqual(contradictions(made, { ...made, context: "mine" }, {}), ["CONTEXT="]);
  });
});
