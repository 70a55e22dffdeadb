import { serviceNamespace } from "../../../config/derive";
import type { Tree } from "../cluster-api";
import { perCluster } from "../context";
import { failed, type Finding, ok } from "../finding";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

function readyOf(object: Tree | undefined): Condition | undefined {
  const { conditions = [] } = (object?.["status"] ?? {}) as { conditions?: Condition[] };
  return conditions.find(({ type }) => type === "Ready");
}

function nameOf(object: Tree): string {
  return (object["metadata"] as { name?: string } | undefined)?.name ?? "";
}

/** Whether External Secrets has logged in to Vault, and fetched what git asks for. */
export function judgeStore(
  cluster: string,
  namespace: string,
  store: Tree | undefined,
  externalSecrets: readonly Tree[],
): Finding[] {
  if (!store) return [failed(cluster, `has no SecretStore ${namespace}/vault`, "run pulumi up again")];
  const ready = readyOf(store);
  if (ready?.status !== "True") {
    const reason = ready ? `${ready.reason}: ${ready.message}` : "External Secrets has not looked at it";
    const fix = `kubectl -n ${namespace} describe secretstore vault; then see what the check vault says`;
    return [failed(cluster, `SecretStore ${namespace}/vault is not Ready (${reason})`, fix)];
  }
  const stale = externalSecrets.filter((object) => readyOf(object)?.status !== "True").map(nameOf);
  return stale.length === 0
    ? [ok(cluster, `SecretStore ${namespace}/vault and ${externalSecrets.length} ExternalSecrets are Ready`)]
    : stale.map((name) =>
        failed(
          cluster,
          `ExternalSecret ${namespace}/${name} is not Ready`,
          `kubectl -n ${namespace} describe externalsecret ${name}`,
        ),
      );
}

export const secretStoresCheck = perCluster(
  "secret-stores",
  async ({ name, api }, { config, environment }) => {
    if (!config.vault) return [ok(name, "has no Vault")];
    const namespace = serviceNamespace(environment);
    const base = `/apis/external-secrets.io/v1/namespaces/${namespace}`;
    const store = await api.read(`${base}/secretstores/vault`);
    return judgeStore(name, namespace, store, await api.list(`${base}/externalsecrets`));
  },
);
