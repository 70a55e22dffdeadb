import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { imagePath } from "../../cli/promotion/overlay";
import { parseImageFile } from "../../cli/promotion/image-file";
import { projectRoot, Runner } from "../workflows/runner";
import { scriptOf } from "../workflows/workflow";

const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

describe("the workflows", function () {
  this.timeout(600_000);

  it("satisfy actionlint", async () => {
    // Go keeps the built program in its own cache, keyed by the version.
    const { exitCode, all } = await execa("go", ["run", actionlint], {
      cwd: projectRoot,
      env: { GOFLAGS: "-mod=mod" },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
  });

  describe("in a fresh clone, by their steps as they stand", () => {
    const runner = new Runner(false);
    const clone = join(runner.temporary, "clone");
    const path = imagePath("production", "bff");
    const git = (...args: string[]) =>
      execa("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: clone });
    /** What was downloaded or built before on this machine need not be again. */
    const caches = {
      GOCACHE: "",
      GOMODCACHE: "",
      npm_config_cache: join(homedir(), ".npm"),
      GITHUB_PATH: join(runner.temporary, "path"),
    };
    const run = (file: string, job: string, step: string, env: Record<string, string> = {}) =>
      runner.run(scriptOf(file, job, step), clone, { ...caches, ...env });

    before(async () => {
      for (const name of ["GOCACHE", "GOMODCACHE"] as const)
        caches[name] = (await execa("go", ["env", name])).stdout;
      await execa("git", ["clone", "--quiet", projectRoot, clone]);
      const file = parseImageFile(readFileSync(join(clone, path), "utf8"), path);
      writeFileSync(join(clone, path), file.withImage({ ...file.image, tag: "9.9.9", digest: undefined }));
      await git("commit", "--quiet", "--all", "--message", "bff 9.9.9");
    });
    after(() => runner.remove());

    it("install what they need", async () => {
      const { exitCode, output } = await run("preview.yml", "manifests", "Install");
      assert.equal(exitCode, 0, output);
      const [folder] = readFileSync(caches.GITHUB_PATH, "utf8").trim().split("\n");
      assert.ok(existsSync(join(folder!, "kustomize")));
      runner.program("kustomize", `exec ${join(folder!, "kustomize")} "$@"`);
    });

    it("preview the manifests of a pull request", async () => {
      const { exitCode, output } = await run("preview.yml", "manifests", "Diff and check", {
        BASE: "HEAD~1",
      });
      assert.equal(exitCode, 0, output);
      const read = (name: string) => readFileSync(join(clone, "sections", name), "utf8");
      assert.deepEqual([read("diff.exit"), read("check.exit")], ["0\n", "1\n"], read("check.txt"));
      assert.match(read("diff.md"), /\+.*image: ghcr\.io\/platform\/bff:9\.9\.9/);
      assert.match(read("check.txt"), /digest/);
    });

    it("check what git delivers", async () => {
      await git("reset", "--quiet", "--hard", "HEAD~1");
      const script = "Policy rules over everything that git delivers";
      const { exitCode, output } = await run("ci.yml", "check", script);
      assert.equal(exitCode, 0, output);
    });
  });
});
