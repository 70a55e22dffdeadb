import assert from "node:assert/strict";
import type { VaultClient } from "../../../sandbox/vault/client";
import { configureVault } from "../../../sandbox/vault/configure";

/** A Vault that keeps what is written to it, with the answers of a new one. */
class MemoryVault implements VaultClient {
  readonly held = new Map<string, unknown>([
    ["sys/mounts", {}],
    ["sys/auth", {}],
  ]);
  readonly written: string[] = [];
  /** How often a read fails before the first that does not. */
  failures = 0;

  read = (path: string) => {
    if (path.startsWith("secret/") && this.failures-- > 0) return Promise.reject(new Error("not ready"));
    return Promise.resolve(this.held.get(path));
  };

  write = (path: string, body: object) => {
    this.written.push(path);
    this.held.set(path, body);
    const [list, rest] = [path.split("/").slice(0, 2).join("/"), path.split("/").slice(2).join("/")];
    if (this.held.has(list)) this.held.set(list, { ...(this.held.get(list) as object), [`${rest}/`]: body });
    return Promise.resolve();
  };
}

const clusters = ["production", "eu"].map((name) => ({ name, review: { token_reviewer_jwt: name } }));
const values = { "platform/production/bff": { "session-key": "v" } };
const configure = (vault: VaultClient, more = values) => configureVault(vault, "production", clusters, more);

describe("the configuration of the sandbox's Vault", () => {
  it("has a mount and a role per cluster, bound to one account, namespace and audience", async () => {
    const vault = new MemoryVault();
    await configure(vault);
    for (const { name, review } of clusters) {
      assert.deepEqual(vault.held.get(`auth/kubernetes/${name}/config`), review);
      assert.deepEqual(vault.held.get(`auth/kubernetes/${name}/role/platform-production`), {
        bound_service_account_names: ["vault"],
        bound_service_account_namespaces: ["platform-production"],
        audience: "vault",
        token_policies: ["platform-production"],
        token_ttl: "1h",
      });
    }
    assert.deepEqual(vault.held.get("sys/policies/acl/platform-production"), {
      policy: 'path "secret/data/platform/production/*" { capabilities = ["read"] }',
    });
  });

  it("enables nothing twice and gives a value no second version", async () => {
    const vault = new MemoryVault();
    await configure(vault);
    vault.written.length = 0;
    await configure(vault);
    assert.deepEqual(
      vault.written.filter((path) => /^(sys\/(auth|mounts)|secret)\//.test(path)),
      [],
    );
    await configure(vault, { "platform/production/bff": { "session-key": "other" } });
    assert.ok(vault.written.includes("secret/data/platform/production/bff"));
  });

  it("waits for a new engine to be ready", async () => {
    const vault = new MemoryVault();
    vault.failures = 2;
    await configure(vault);
    assert.deepEqual(vault.held.get("secret/data/platform/production/bff"), {
      data: { "session-key": "v" },
    });
  });
});
