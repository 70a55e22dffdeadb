import { readFileSync } from "node:fs";
import { z } from "zod";

const roleSchema = z.strictObject({
  boundServiceAccountNames: z.array(z.string().min(1)).min(1),
  boundServiceAccountNamespaces: z.array(z.string().min(1)).min(1),
  /** Demanded of every token; Vault refuses roles without one since 1.21. */
  audience: z.string().min(1),
  tokenPolicies: z.array(z.string().min(1)),
  /** Seconds for which a login is valid. */
  tokenTtl: z.int().positive().default(3600),
});

const settingsSchema = z.strictObject({
  /** Port on the loopback interface; 0 takes a free one. */
  port: z.int().min(0).max(65_535),
  /** Path of the server's certificate, PEM. */
  certificate: z.string().min(1),
  /** Path of its key, PEM. */
  privateKey: z.string().min(1),
  /** Kubernetes auth by mount path, each for one API server. */
  authMounts: z.record(
    z.string(),
    z.strictObject({
      /** Path of a kubeconfig that may review tokens. */
      kubeconfig: z.string().min(1),
      roles: z.record(z.string(), roleSchema),
    }),
  ),
  /** Policies by name: what may be done with which paths; `*` at the end stands for all below. */
  policies: z.record(z.string(), z.record(z.string(), z.array(z.enum(["read", "list"])))),
});

export type VaultRole = z.output<typeof roleSchema>;
export type VaultSettings = z.output<typeof settingsSchema>;
/** As the settings file is written: it holds paths of secrets, never a secret. */
export type VaultSettingsFile = z.input<typeof settingsSchema>;

export function readVaultSettings(path: string): VaultSettings {
  return settingsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** The auth mounts, role and policy of one environment on its clusters, named as the program's stores name them. */
export function environmentSettings(
  environment: string,
  clusters: readonly { readonly name: string; readonly kubeconfig: string }[],
): Pick<VaultSettingsFile, "authMounts" | "policies"> {
  const name = `platform-${environment}`;
  const role = {
    boundServiceAccountNames: ["vault"],
    boundServiceAccountNamespaces: [name],
    audience: "vault",
    tokenPolicies: [name],
  };
  return {
    authMounts: Object.fromEntries(
      clusters.map(({ name: cluster, kubeconfig }) => [
        `kubernetes/${cluster}`,
        { kubeconfig, roles: { [name]: role } },
      ]),
    ),
    policies: { [name]: { [`secret/data/platform/${environment}/*`]: ["read"] } },
  };
}
