import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { TestSandbox, projectRoot } from "./sandbox-command";

describe("the staging stack", () => {
  const sandbox = new TestSandbox(27_440, projectRoot, "staging");
  after(() => sandbox.remove());

  it("comes up under the policy pack, changes nothing the second time, and goes down", async () => {
    const first = await sandbox.run("up");
    assert.equal(first.exitCode, 0, first.output);
    assert.match(first.output, /bff-staging\s.*Synced\s.*Healthy/);
    const second = await sandbox.run("up");
    assert.match(second.output, /^No changes: \d+ resources unchanged\.$/m);
    await sandbox.succeed("down");
    assert.equal(existsSync(sandbox.directory), false);
  });
});
