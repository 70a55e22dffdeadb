import { previewNamespaces, previewRole, serviceNamespace, vaultStore } from "../../../config/derive";
import { environments, type Environment } from "../../../config/environment";
import type { VaultConfig } from "../../../config/schema";
import type { Check, Cluster, DoctorContext } from "../context";
import { failed, type Finding, invalid, ok, reasonOf, warning } from "../finding";
import { type Answer, jsonOf } from "../https";
import { errorsOf, readLogin, VaultApi, type VaultLogin } from "../vault";

const accountName = "vault";

/** https://developer.hashicorp.com/vault/api-docs/system/health */
export function judgeHealth(server: string, answer: Answer): Finding {
  const { initialized, sealed, version } = (jsonOf(answer) ?? {}) as {
    initialized?: unknown;
    sealed?: unknown;
    version?: unknown;
  };
  if (sealed === true) return failed(server, "is sealed", "unseal Vault: vault operator unseal");
  if (initialized === false) return failed(server, "is not initialised", "set Vault up: vault operator init");
  if (answer.status !== 200 || initialized !== true || sealed !== false) {
    return invalid(server, `does not answer as Vault does: ${errorsOf(answer)}`, "correct `vault.server`");
  }
  return ok(server, `is unsealed${typeof version === "string" ? `, version ${version}` : ""}`);
}

/** One way into Vault that `up` will make. */
interface Login {
  readonly cluster: Cluster;
  /** Where the ServiceAccount is. */
  readonly namespace: string;
  readonly store: NonNullable<ReturnType<typeof vaultStore>>;
}

/** What Vault's answers to a login without a valid token say of mount and role. */
export function judgeMount(
  cluster: string,
  store: { readonly authMount: string; readonly role: string; readonly namespace: string },
  withoutToken: Answer,
  withWrongToken: Answer,
): Finding {
  // The method refuses an empty token in its own words; a mount that is not there is "permission denied".
  if (!errorsOf(withoutToken).includes("missing jwt")) {
    return failed(
      cluster,
      `Vault has no Kubernetes auth at ${store.authMount}: ${errorsOf(withoutToken)}`,
      `vault auth enable -path=${store.authMount} kubernetes, and configure it for this cluster (docs/runbooks/bootstrap.md)`,
    );
  }
  if (errorsOf(withWrongToken).includes("invalid role name")) {
    return failed(cluster, `Vault has no role ${store.role} at ${store.authMount}`, createRole(store));
  }
  return warning(
    cluster,
    `Vault knows role ${store.role} at ${store.authMount}; the login itself cannot be tried before \`up\` has made the ServiceAccount ${store.namespace}/${accountName}`,
    "run doctor with --after once `up` has ended",
  );
}

function createRole({
  authMount,
  role,
  namespace,
}: {
  readonly authMount: string;
  readonly role: string;
  readonly namespace: string;
}): string {
  return `vault write auth/${authMount}/role/${role} bound_service_account_names=${accountName} bound_service_account_namespaces=${namespace} audience=<vault.audience> token_policies=${role}`;
}

/** What a login may read, compared with what its environment is to read. */
export function judgeReach(
  cluster: string,
  environment: Environment,
  { role, namespace }: { readonly role: string; readonly namespace: string },
  login: VaultLogin,
  capabilities: Readonly<Record<Environment, readonly string[]>>,
): Finding {
  const reads = (name: Environment) =>
    capabilities[name].some((entry) => entry === "read" || entry === "root");
  if (login.role !== role || login.account !== `${namespace}/${accountName}`) {
    return failed(
      cluster,
      `Vault took the login for ${login.account} in role ${login.role}`,
      `bind role ${role} to ${namespace}/${accountName}`,
    );
  }
  const foreign = environments.find((name) => name !== environment && reads(name));
  if (foreign) {
    return failed(
      cluster,
      `role ${role} may read the keys of ${foreign}`,
      `let its policies name platform/${environment}/* only`,
    );
  }
  return reads(environment)
    ? ok(cluster, `role ${role} logs in and reads platform/${environment}`)
    : failed(
        cluster,
        `role ${role} logs in but may not read platform/${environment}/*`,
        `give a policy of the role: path "<vault.path>/data/platform/${environment}/*" { capabilities = ["read"] }`,
      );
}

/** A token as External Secrets will ask for it; nothing where the ServiceAccount does not exist yet. */
async function requestToken(
  { api }: Cluster,
  namespace: string,
  audience: string,
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${accountName}/token`;
  const answer = await api.create(path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: [audience], expirationSeconds: 600 },
  });
  const { token } = (answer?.["status"] ?? {}) as { token?: unknown };
  return typeof token === "string" ? token : undefined;
}

async function tryLogin(login: Login, context: DoctorContext, vault: VaultConfig): Promise<Finding> {
  const { environment, after } = context;
  const { cluster, namespace } = login;
  const store = { ...login.store, namespace };
  const api = new VaultApi(vault);
  const jwt = await requestToken(cluster, namespace, store.audience);
  if (jwt === undefined) {
    if (after) {
      return failed(cluster.name, `has no ServiceAccount ${namespace}/${accountName}`, "run pulumi up again");
    }
    return judgeMount(
      cluster.name,
      store,
      await api.login(store.authMount, store.role, ""),
      await api.login(store.authMount, store.role, "not.a.token"),
    );
  }
  const answer = await api.login(store.authMount, store.role, jwt);
  if (answer.status !== 200) {
    return failed(
      cluster.name,
      `Vault refuses role ${store.role} at ${store.authMount} for a token with audience ${store.audience}: ${errorsOf(answer)}`,
      `check mount, role, bound account, namespace and audience: ${createRole(store)}`,
    );
  }
  const made = readLogin(answer);
  try {
    const capabilities = await Promise.all(
      environments.map(async (name) => [
        name,
        await api.capabilities(made.token, `${store.path}/data/platform/${name}/doctor`),
      ]),
    );
    return judgeReach(
      cluster.name,
      environment,
      store,
      made,
      Object.fromEntries(capabilities) as Record<Environment, readonly string[]>,
    );
  } finally {
    await api.revoke(made.token);
  }
}

/** Every way into Vault: one per cluster, and one for the previews. */
function loginsOf({ clusters, config, environment }: DoctorContext): Login[] {
  const store = (cluster: Cluster, role?: string) =>
    vaultStore(config.vault, environment, cluster.name, role)!;
  const [preview] = previewNamespaces(config.argocd.pullRequestPreviews, environment);
  const hub = clusters[0]!;
  return [
    ...clusters.map((cluster) => ({
      cluster,
      namespace: serviceNamespace(environment),
      store: store(cluster),
    })),
    ...(preview === undefined
      ? []
      : [{ cluster: hub, namespace: preview, store: store(hub, previewRole(environment)) }]),
  ];
}

/** Logs in to Vault exactly as the SecretStore of every cluster will. */
export const vaultCheck: Check = {
  name: "vault",
  run: async (context) => {
    const { vault } = context.config;
    if (!vault) return [ok("vault", "is not part of this stack")];
    let health: Finding;
    try {
      health = judgeHealth(vault.server, await new VaultApi(vault).health());
    } catch (error) {
      health = invalid(
        vault.server,
        `cannot be reached: ${reasonOf(error)}`,
        "check address, network and `vault.caCertificate`",
      );
    }
    if (health.status !== "ok") return [health];
    const logins = loginsOf(context).map((login) =>
      tryLogin(login, context, vault).catch((error: unknown) =>
        invalid(
          login.cluster.name,
          `the login cannot be tried: ${reasonOf(error)}`,
          "check the cluster and Vault",
        ),
      ),
    );
    return [health, ...(await Promise.all(logins))];
  },
};
