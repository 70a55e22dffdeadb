import { isDeepStrictEqual } from "node:util";
import pRetry from "p-retry";
import type { VaultClient } from "./client";

/** A cluster whose tokens Vault takes. */
export interface VaultCluster {
  readonly name: string;
  /** The body of the mount's `config`: https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#configure-method */
  readonly review: object;
}

/** Values by property, by the key below the engine `secret`. */
export type VaultValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function enable(client: VaultClient, list: string, path: string, body: object): Promise<void> {
  const enabled = (await client.read(list)) as Readonly<Record<string, unknown>>;
  if (!(`${path}/` in enabled)) await client.write(`${list}/${path}`, body);
}

/** Leaves a value that is there already alone, so that it gets no further version. */
async function put(client: VaultClient, key: string, data: VaultValues[string]): Promise<void> {
  const path = `secret/data/${key}`;
  // A new engine answers with an error until it has made itself ready.
  const present = await pRetry(() => client.read(path), { retries: 20, minTimeout: 100, factor: 1 });
  if (!isDeepStrictEqual((present as { data?: unknown } | undefined)?.data, data))
    await client.write(path, { data });
}

/** What docs/runbooks/bootstrap.md asks of a Vault, for one environment on its clusters. */
export async function configureVault(
  client: VaultClient,
  environment: string,
  clusters: readonly VaultCluster[],
  values: VaultValues,
): Promise<void> {
  const name = `platform-${environment}`;
  await enable(client, "sys/mounts", "secret", { type: "kv", options: { version: "2" } });
  const policy = `path "secret/data/platform/${environment}/*" { capabilities = ["read"] }`;
  await client.write(`sys/policies/acl/${name}`, { policy });
  for (const { name: cluster, review } of clusters) {
    const mount = `kubernetes/${cluster}`;
    await enable(client, "sys/auth", mount, { type: "kubernetes" });
    await client.write(`auth/${mount}/config`, review);
    await client.write(`auth/${mount}/role/${name}`, {
      bound_service_account_names: ["vault"],
      bound_service_account_namespaces: [name],
      audience: "vault",
      token_policies: [name],
      token_ttl: "1h",
    });
  }
  for (const [key, data] of Object.entries(values)) await put(client, key, data);
}
