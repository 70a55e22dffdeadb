import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertRequirements,
  requiredGoVersion,
  versionProblem,
} from "../../../sandbox/toolchain/requirements";

const go = { name: "go", minimum: "1.25.11", versionArguments: ["env", "GOVERSION"], install: "Go" };

describe("the requirements of the sandbox", () => {
  it("take a newer version", () => assert.equal(versionProblem(go, "go1.26.8"), undefined));
  it("take exactly the minimum", () => assert.equal(versionProblem(go, "go1.25.11"), undefined));
  it("refuse an older version, naming both", () => {
    assert.match(versionProblem(go, "go1.25.9") ?? "", /go 1\.25\.9 is too old; 1\.25\.11/);
  });
  it("refuse a program that is not there", () =>
    assert.match(versionProblem(go, undefined) ?? "", /go is not installed/));
  it("refuse a program that prints no version", () =>
    assert.match(versionProblem(go, "hello") ?? "", /reports no version/));

  it("ask for the newest Go that any go.mod asks for", () => {
    const directory = mkdtempSync(join(tmpdir(), "gomod-"));
    const files = ["1.25.5", "1.25.11", "1.25"].map((version) => {
      const file = join(directory, version);
      writeFileSync(file, `module m\n\ngo ${version}\n`);
      return file;
    });
    assert.equal(requiredGoVersion(files), "1.25.11");
    rmSync(directory, { recursive: true });
  });

  it("name every missing program and what to install in one error", async () => {
    const missing = (name: string) => ({ ...go, name, install: `the ${name} package` });
    await assert.rejects(assertRequirements([missing("no-such-go"), missing("no-such-git")]), {
      message: "no-such-go is not installed; no-such-git is not installed",
      fix: "Install the no-such-go package and the no-such-git package, then run the command again.",
    });
  });
});
