import type { Environment } from "./environment";
import type { VaultConfig } from "./schema";

/** The namespace into which Argo CD delivers the services of an environment. */
export function serviceNamespace(environment: Environment): string {
  return `platform-${environment}`;
}

/**
 * Whether what serves people must survive a mistaken delete: always outside dev, and in dev while a cluster is leaving,
 * so that its workloads are orphaned and not deleted.
 */
export function preservesWorkloads(
  environment: Environment,
  spokes: readonly { readonly unregister: boolean }[],
): boolean {
  return environment !== "dev" || spokes.some((spoke) => spoke.unregister);
}

/** Where a cluster's services find their secrets. Mount and role name the cluster and the environment, never another. */
export function vaultStore(vault: VaultConfig | undefined, environment: Environment, cluster: string) {
  return (
    vault && {
      server: vault.server,
      path: vault.path,
      authMount: `${vault.authMountPrefix}/${cluster}`,
      role: serviceNamespace(environment),
      audience: vault.audience,
      vaultNamespace: vault.namespace,
      caCertificate: vault.caCertificate,
      waitForReady: vault.waitForReady,
    }
  );
}
