import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { SandboxError } from "../../../sandbox/errors";
import { runEngine, stateResources } from "../../../sandbox/stack/run-engine";

/** A stack whose engine is a script. */
function stackOf(script: string): Stack {
  const directory = mkdtempSync(join(tmpdir(), "engine-"));
  const command = join(directory, "pulumi");
  writeFileSync(command, `#!/usr/bin/env node\n${script}\n`);
  chmodSync(command, 0o700);
  return { name: "dev", workspace: { workDir: directory, envVars: {}, pulumiCommand: { command } } } as Stack;
}

describe("a command of the engine", () => {
  it("names the stack, asks nothing, and reads what it is given", async () => {
    const stack = stackOf(
      `process.stdout.write(process.argv.slice(2).join(" ") + "|"); process.stdin.pipe(process.stdout);`,
    );
    assert.equal(
      await runEngine(stack, ["stack", "import"], "{}"),
      "stack import --stack dev --non-interactive|{}",
    );
  });

  it("fails in the engine's own words, without what it was given", async () => {
    const stack = stackOf(
      `process.stdin.resume(); process.stdin.on("end", () => { console.error("error: \\u001b[31mno such key\\u001b[0m"); process.exit(255); });`,
    );
    await assert.rejects(runEngine(stack, ["config", "set", "secrets", "--secret"], "hunter2"), (error) => {
      assert.ok(error instanceof SandboxError);
      assert.equal(error.message, "pulumi config set failed:\n  error: no such key");
      assert.match(error.fix, /run the command again/);
      return true;
    });
  });

  it("says so where the engine cannot be started", async () => {
    const stack = stackOf("");
    const absent = {
      ...stack,
      workspace: { ...stack.workspace, pulumiCommand: { command: "/absent/pulumi" } },
    };
    await assert.rejects(
      runEngine(absent as Stack, ["stack", "export"]),
      /pulumi stack export failed:.*\n.*ENOENT/,
    );
  });

  it("reads the resources of the state, and none where nothing was installed", async () => {
    const resources = [{ urn: "urn:pulumi:dev::p::t::n", type: "t" }];
    const full = JSON.stringify({ version: 3, deployment: { resources } });
    assert.deepEqual(await stateResources(stackOf(`console.log(${JSON.stringify(full)})`)), resources);
    assert.deepEqual(await stateResources(stackOf(`console.log('{"version":3,"deployment":{}}')`)), []);
  });
});
