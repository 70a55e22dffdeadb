import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { TestSandbox, projectRoot } from "./sandbox-command";

const forbidden = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: everything-for-argocd
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - kind: ServiceAccount
    name: argocd-server
    namespace: argocd
`;

describe("a chart with a manifest that the policy pack forbids", () => {
  let parent = "";
  let sandbox: TestSandbox;

  before(async () => {
    parent = mkdtempSync(join(tmpdir(), "tampered-"));
    const workTree = join(parent, "platform");
    await execa("git", ["clone", "--quiet", projectRoot, workTree]);
    symlinkSync(join(projectRoot, "node_modules"), join(workTree, "node_modules"));
    writeFileSync(join(workTree, "sandbox/charts/argo-cd/templates/forbidden.yaml"), forbidden);
    sandbox = new TestSandbox(24440, workTree);
  });

  after(async () => {
    await sandbox.remove();
    rmSync(parent, { recursive: true, force: true });
  });

  it("stops up before anything is written", async () => {
    const { exitCode, output } = await sandbox.run("up");
    assert.equal(exitCode, 1, output);
    assert.match(output, /error: The policy pack refuses[\s\S]*everything-for-argocd/);
    const namespaces = await sandbox.kubectl("get", "namespaces", "-o", "name");
    assert.doesNotMatch(namespaces, /argocd/);
  });
});
