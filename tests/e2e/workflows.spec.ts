import assert from "node:assert/strict";
import { execa } from "execa";

const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

describe("the workflows", function () {
  this.timeout(600_000);

  it("satisfy actionlint", async () => {
    // Go keeps the built program in its own cache, keyed by the version.
    const { exitCode, all } = await execa("go", ["run", actionlint], {
      env: { GOFLAGS: "-mod=mod" },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
  });
});
