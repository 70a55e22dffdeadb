import assert from "node:assert/strict";
import { judgeHealth, vaultCheck } from "../../../cli/doctor/checks/vault";
import { startVault, type VaultServer } from "./vault/vault-server";
import type { VaultSettingsFile } from "./vault/settings";
import { ApiServer } from "./api-server";
import { configWith, contextWith, verdict, verdicts } from "./context";

describe("doctor logs in to Vault", () => {
  let api: ApiServer;
  let vault: VaultServer | undefined;

  beforeEach(async () => {
    api = await ApiServer.start();
    api.put("/api/v1/namespaces/platform-dev/serviceaccounts/vault", {});
  });
  afterEach(async () => {
    await Promise.all([api.stop(), vault?.stop()]);
    vault = undefined;
  });

  async function context(
    change?: (settings: VaultSettingsFile) => VaultSettingsFile,
    config: Record<string, unknown> = {},
    after = false,
  ) {
    vault = await startVault(api, change);
    const { address: server, caCertificate } = vault;
    return contextWith([api.cluster("dev")], {
      after,
      config: configWith({ vault: { server, caCertificate, ...config } }),
    });
  }
  const role = (settings: VaultSettingsFile) => settings.authMounts["kubernetes/dev"]!.roles["platform-dev"]!;

  it("accepts the login that the store of the cluster will make", async () => {
    const findings = await vaultCheck.run(await context());
    assert.deepEqual(findings.map(verdict), [`${vault!.address} ok`, "dev ok"]);
  });

  it("fails on another audience than the role's, and repeats Vault's reason", async () => {
    const [, finding] = await vaultCheck.run(await context(undefined, { audience: "other" }));
    assert.equal(finding?.status, "failed");
    assert.match(finding.message, /audience/);
  });

  it("fails on a missing mount before the ServiceAccount exists", async () => {
    api.objects.clear();
    const [, finding] = await vaultCheck.run(await context(undefined, { authMountPrefix: "k8s" }));
    assert.equal(finding?.status, "failed");
    assert.match(finding.message, /no Kubernetes auth at k8s\/dev/);
  });

  it("fails on a missing role before the ServiceAccount exists", async () => {
    api.objects.clear();
    const without = (settings: VaultSettingsFile) => {
      settings.authMounts["kubernetes/dev"]!.roles = {};
      return settings;
    };
    const [, finding] = await vaultCheck.run(await context(without));
    assert.equal(finding?.status, "failed");
    assert.match(finding.message, /no role platform-dev/);
  });

  it("warns that the login could not be tried before `up`, and fails after it", async () => {
    api.objects.clear();
    const before = await context();
    assert.deepEqual(await verdicts(vaultCheck, before), [`${vault!.address} ok`, "dev warning"]);
    assert.deepEqual(await verdicts(vaultCheck, { ...before, after: true }), [
      `${vault!.address} ok`,
      "dev failed",
    ]);
  });

  it("asks for the role of the previews too, where the stack has them", async () => {
    const argocd = { domain: "argocd.example.com", pullRequestPreviews: {} };
    const known = await context();
    const config = configWith({
      argocd,
      vault: { server: vault!.address, caCertificate: vault!.caCertificate },
    });
    const findings = await vaultCheck.run({ ...known, config });
    assert.deepEqual(findings.map(verdict), [`${vault!.address} ok`, "dev ok", "dev failed"]);
    assert.match(findings[2]!.message, /no role preview-dev/);
    assert.match(findings[2]!.fix!, /bound_service_account_namespaces=preview-dev-0/);
  });

  it("fails on a role that also reads another environment", async () => {
    const wide = (settings: VaultSettingsFile) => ({
      ...settings,
      policies: { "platform-dev": { "secret/data/platform/*": ["read" as const] } },
    });
    const [, finding] = await vaultCheck.run(await context(wide));
    assert.equal(finding?.status, "failed");
    assert.match(finding.message, /may read the keys of staging/);
  });

  it("fails on a role that reads nothing", async () => {
    const poor = (settings: VaultSettingsFile) => {
      role(settings).tokenPolicies = [];
      return settings;
    };
    const [, finding] = await vaultCheck.run(await context(poor));
    assert.match(finding!.message, /may not read platform\/dev/);
  });

  it("does not talk to a Vault whose certificate it cannot verify", async () => {
    const known = await context();
    const config = configWith({ vault: { server: vault!.address } });
    const [finding] = await vaultCheck.run({ ...known, config });
    assert.equal(finding?.status, "invalid");
    assert.match(finding.message, /certificate/);
  });

  it("tells a sealed Vault from one that is not set up and from another server", () => {
    const answer = (status: number, body: unknown) => ({ status, headers: {}, body: JSON.stringify(body) });
    const judge = (status: number, body: unknown) => judgeHealth("v", answer(status, body)).message;
    assert.match(judge(503, { initialized: true, sealed: true }), /sealed/);
    assert.match(judge(501, { initialized: false }), /not initialised/);
    assert.match(judge(200, { hello: "world" }), /does not answer as Vault/);
  });
});
