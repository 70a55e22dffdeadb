import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pulumi, PulumiError } from "../../cli/pulumi";

describe("a command of pulumi", () => {
  const path = process.env["PATH"];
  afterEach(() => (process.env["PATH"] = path));

  /** Puts a script in the place of the engine. */
  function engine(script: string): { directory: string } {
    const directory = mkdtempSync(join(tmpdir(), "engine-"));
    const command = join(directory, "pulumi");
    writeFileSync(command, `#!/usr/bin/env node\n${script}\n`);
    chmodSync(command, 0o700);
    process.env["PATH"] = [directory, path].join(delimiter);
    return { directory };
  }
  const failure = (words: string) =>
    pulumi(engine(`console.error(${JSON.stringify(words)}); process.exit(255)`), ["config"]).then(
      () => assert.fail("it did not fail"),
      (error: unknown) => {
        assert.ok(error instanceof PulumiError);
        return error;
      },
    );

  it("gives what it prints", async () => {
    assert.equal(await pulumi(engine("console.log(process.argv[2])"), ["whoami"]), "whoami");
  });

  it("fails in the engine's last words and keeps the rest", async () => {
    const { message, transcript } = await failure("warning: old\nerror: no such stack");
    assert.equal(message, "pulumi config failed: no such stack");
    assert.match(transcript, /warning: old/);
  });

  it("says which file to delete where a killed engine has cut off the state's metadata", async () => {
    const { message } = await failure("error: failed to load checkpoint: EOF");
    assert.match(message, /^pulumi config failed: failed to load checkpoint: EOF; .*delete .*\.json\.attrs/);
  });
});
