import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { kustomize } from "./manifest-tools";

const project = resolve(__dirname, "../..");
const needed = [
  "cli",
  "components",
  "config",
  "infrastructure",
  "policy-pack",
  "Pulumi.dev.yaml",
  "Pulumi.staging.yaml",
  "Pulumi.production.yaml",
];

/** Follows docs/runbooks/add-an-environment.md in a copy of the project. */
describe("a new environment", () => {
  const root = mkdtempSync(join(tmpdir(), "environment-"));
  const path = (...parts: string[]) => join(root, ...parts);
  const replace = (file: string, from: string | RegExp, to: string) => {
    const text = readFileSync(path(file), "utf8");
    const replaced = text.replace(from, to);
    assert.notEqual(replaced, text, `${file} does not hold ${String(from)}`);
    writeFileSync(path(file), replaced);
  };
  const platform = (...args: string[]) =>
    execa("node", [path("cli/platform.cjs"), ...args], {
      cwd: root,
      env: { PLATFORM_KUSTOMIZE: kustomize },
      reject: false,
    });

  const git = (...args: string[]) => execa("git", args, { cwd: root });

  before(async () => {
    for (const name of needed) cpSync(join(project, name), path(name), { recursive: true });
    symlinkSync(join(project, "node_modules"), path("node_modules"));
    writeFileSync(path(".gitignore"), "node_modules\n");
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git(
      "-c",
      "user.name=A",
      "-c",
      "user.email=a@example.com",
      "commit",
      "--quiet",
      "--message",
      "Start",
    );

    replace("config/environment.ts", '"staging", "production"', '"staging", "qa", "production"');
    replace(
      "policy-pack/levels.ts",
      "staging: letters[staging!],",
      "staging: letters[staging!], qa: letters[staging!],",
    );
    for (const folder of ["infrastructure/k8s/overlays", "infrastructure/argocd"]) {
      cpSync(path(folder, "staging"), path(folder, "qa"), { recursive: true });
      for (const entry of readdirSync(path(folder, "qa"), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = join(entry.parentPath, entry.name);
        writeFileSync(file, readFileSync(file, "utf8").replaceAll("staging", "qa"));
      }
    }
    writeFileSync(path("Pulumi.qa.yaml"), "config:\n  gitops-platform:hub:\n    name: qa-hub\n");
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  it("passes the check after one copy and its name in one list", async () => {
    const { exitCode, stdout, stderr } = await platform("check");
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
  });

  it("gets every service on its cluster, and nothing changes elsewhere", async () => {
    const { exitCode, stdout } = await platform("diff", "--base", "main", "--full");
    assert.equal(exitCode, 0, stdout);
    const rows = stdout.split("\n").filter((line) => /^\| (dev|staging|qa|production) /.test(line));
    assert.ok(
      rows.some((row) => row.startsWith("| qa | qa-hub | bff |")),
      rows.join("\n"),
    );
    assert.deepEqual(
      rows.filter((row) => !row.startsWith("| qa | qa-hub |")),
      [],
    );
  });
});
