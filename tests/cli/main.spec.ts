import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { runPlatform } from "./support/platform";

describe("the command line", () => {
  it("lists every command module in its help", async () => {
    const { code, stdout } = await runPlatform(process.cwd(), ["--help"]);
    const modules = readdirSync("cli/commands").map((file) => basename(file, ".ts"));
    const listed = modules.filter((name) => name !== "options");
    assert.equal(code, 0);
    for (const name of listed) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  });

  it("promises of `service` what it can do", async () => {
    const { stdout } = await runPlatform(process.cwd(), ["--help"]);
    assert.match(stdout, /^ {2}service +add the files of a service$/m);
  });

  it("prints a command's own options", async () => {
    const { code, stdout } = await runPlatform(process.cwd(), ["promote", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /--approved-by/);
  });

  const wrong = [["promot"], ["promote", "--nope"], ["promote", "extra"], []];
  for (const argv of wrong) {
    it(`ends with 2 for "platform ${argv.join(" ")}"`, async () => {
      assert.equal((await runPlatform(process.cwd(), argv)).code, 2);
    });
  }

  it("suggests the nearest command", async () => {
    assert.match((await runPlatform(process.cwd(), ["promot"])).stderr, /Did you mean promote/);
  });

  it("ends with 2 and one line where a file cannot be read", async () => {
    const { code, stderr } = await runPlatform("/tmp", ["status"]);
    assert.equal(code, 2);
    assert.equal(stderr.trim().split("\n").length, 1);
  });
});
