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
export function vaultStore(
  vault: VaultConfig | undefined,
  environment: Environment,
  cluster: string,
  role = serviceNamespace(environment),
) {
  return (
    vault && {
      server: vault.server,
      path: vault.path,
      authMount: `${vault.authMountPrefix}/${cluster}`,
      role,
      audience: vault.audience,
      vaultNamespace: vault.namespace,
      caCertificate: vault.caCertificate,
      waitForReady: vault.waitForReady,
    }
  );
}

/** Vault role of previews, and what begins the names of their namespaces. */
export function previewRole(environment: Environment): string {
  return `preview-${environment}`;
}

/** The namespaces that pull requests share, each by its number. */
export function previewNamespaces(
  previews: { readonly namespaces: number } | undefined,
  environment: Environment,
): string[] {
  return Array.from(
    { length: previews?.namespaces ?? 0 },
    (_, index) => `${previewRole(environment)}-${index}`,
  );
}

/** The repository as GitHub's API names it; undefined where the address cannot be one of GitHub's. */
export function githubRepository(
  url: string,
): { readonly owner: string; readonly repository: string } | undefined {
  const [owner, repository, ...rest] = new URL(url).pathname.split("/").filter(Boolean);
  return owner && repository && rest.length === 0 ? { owner, repository } : undefined;
}
