import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { sandboxLayout } from "../../sandbox/layout";
import { vaultClient } from "../../sandbox/vault/client";
import { eventually } from "./eventually";
import { kustomize } from "./manifest-tools";
import { TestSandbox } from "./sandbox-command";
import { WorkTree } from "./work-tree";

const environment = "qa";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** Follows docs/runbooks/add-an-environment.md, then docs/runbooks/add-a-service.md, in a clone of the project. */
describe("a new environment", () => {
  const workTree = new WorkTree();
  // The stack's name is one that only the clone knows.
  const sandbox = new TestSandbox(29_440, workTree.path, environment as "dev");
  const layout = sandboxLayout(sandbox.directory, sandbox.port);
  const path = (...parts: string[]) => join(workTree.path, ...parts);

  const replace = (file: string, from: string | RegExp, to: string) => {
    const replaced = workTree.read(file).replace(from, to);
    assert.notEqual(replaced, workTree.read(file), `${file} does not hold ${String(from)}`);
    workTree.write(file, replaced);
  };

  /** The clone's own command, which knows the environment. */
  const platform = (...args: string[]) =>
    execa("node", [path("cli/platform.cjs"), ...args], {
      cwd: workTree.path,
      env: { PLATFORM_KUSTOMIZE: kustomize },
      reject: false,
    });

  const applications = async () => {
    const list = await sandbox.kubectl("get", "applications", "-n", "argocd", "-o", "json");
    const { items } = JSON.parse(list) as {
      items: {
        metadata: { name: string };
        status?: { sync?: { status: string }; health?: { status: string } };
      }[];
    };
    return new Map(
      items.map(({ metadata, status }) => [
        metadata.name,
        `${status?.sync?.status} ${status?.health?.status}`,
      ]),
    );
  };

  before(async () => {
    await workTree.clone();
    replace("config/environment.ts", '"staging", "production"', `"staging", "${environment}", "production"`);
    replace(
      "policy-pack/levels.ts",
      "staging: letters[staging!],",
      `staging: letters[staging!], ${environment}: letters[staging!],`,
    );
    const copies = ["infrastructure/k8s/overlays", "infrastructure/argocd"].map((folder) => {
      cpSync(path(folder, "staging"), path(folder, environment), { recursive: true });
      return path(folder, environment);
    });
    cpSync(path("Pulumi.staging.yaml"), path(`Pulumi.${environment}.yaml`));
    const files = copies.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    for (const file of [...files, path(`Pulumi.${environment}.yaml`)]) {
      const lines = readFileSync(file, "utf8").split("\n");
      const renamed = lines.map((line) =>
        line.includes("acme-staging") ? line : line.replaceAll("staging", environment),
      );
      writeFileSync(file, renamed.join("\n"));
    }
    workTree.set("infrastructure/promotion.yaml", ["environments", environment], {
      clusters: { hub: `platform-${environment}` },
    });
  });

  after(async () => {
    await sandbox.remove();
    workTree.remove();
  });

  it("passes the check after one copy and its name in one list", async () => {
    const { exitCode, stdout, stderr } = await platform("check");
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
  });

  it("gets every service on its cluster, and nothing changes elsewhere", async () => {
    const { exitCode, stdout } = await platform("diff", "--base", "HEAD", "--full");
    assert.equal(exitCode, 0, stdout);
    const rows = stdout.split("\n").filter((line) => /^\| (dev|staging|qa|production) /.test(line));
    assert.ok(
      rows.some((row) => row.startsWith("| qa | qa | bff |")),
      rows.join("\n"),
    );
    assert.deepEqual(
      rows.filter((row) => !row.startsWith("| qa | qa |")),
      [],
    );
  });

  it("is delivered by an Argo CD of its own", async () => {
    await workTree.commit("Add qa");
    await sandbox.succeed("up");
    const found = await applications();
    for (const service of readdirSync(path("infrastructure/k8s/overlays", environment))) {
      assert.equal(found.get(`${service}-${environment}`), "Synced Healthy", service);
    }
  });

  it("delivers a service that one command per environment adds, with no change anywhere else", async () => {
    const data = { "signing-key": "for the test" };
    await vaultClient(layout).write(`secret/data/platform/${environment}/payments`, { data });
    for (const each of ["dev", "staging", environment]) {
      const { exitCode, stderr } = await platform(
        ...["service", "add", "payments", "--environment", each, "--tag", "1.0.0", "--digest", digest],
      );
      assert.equal(exitCode, 0, stderr);
    }
    const changed = (await workTree.git("status", "--porcelain", "infrastructure")).split("\n");
    assert.ok(
      changed.every((line) => line.startsWith("?? ") && line.endsWith("/payments/")),
      changed.join("\n"),
    );
    assert.equal((await platform("check")).exitCode, 0);
    await workTree.commit("Add payments");
    await eventually(applications, (found) => found.get(`payments-${environment}`) === "Synced Healthy");
  });

  it("lets a service go when its folders are deleted, and leaves its pods to whoever decides about them", async () => {
    for (const each of ["dev", "staging", environment]) {
      rmSync(path("infrastructure/k8s/overlays", each, "payments"), { recursive: true });
    }
    rmSync(path("infrastructure/k8s/base/payments"), { recursive: true });
    await workTree.commit("Remove payments");
    // Outside dev nothing is deleted by a commit: the Application now points at a folder that is gone.
    await eventually(
      applications,
      (found) => found.get(`payments-${environment}`)?.startsWith("Unknown") === true,
    );
    const pods = await sandbox.kubectl(
      "get",
      "deployment",
      "payments",
      "-n",
      `platform-${environment}`,
      "-o",
      "name",
    );
    assert.match(pods, /payments/);
  });
});
