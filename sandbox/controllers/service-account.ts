import { existsSync } from "node:fs";
import { join } from "node:path";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { tokenKubeconfig } from "../control-plane/kubeconfig";
import { type SandboxCluster, clusterClient } from "../clusters";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { NotThereYet } from "./pod-environment";

const tokenSeconds = 365 * 24 * 60 * 60;

interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** A token of a ServiceAccount for the API server itself, valid for a year. */
export async function serviceAccountToken(cluster: SandboxCluster, account: AccountName): Promise<string> {
  const { status } = await clusterClient(cluster)
    .makeApiClient(CoreV1Api)
    .createNamespacedServiceAccountToken({
      ...account,
      body: { spec: { audiences: [], expirationSeconds: tokenSeconds } },
    });
  if (!status) throw new Error(`the API server issued no token for ServiceAccount ${account.name}`);
  return status.token;
}

/**
 * A kubeconfig with a token of the ServiceAccount under which a controller runs in the cluster, so that it has the
 * rights that the chart gives it and no others. Its name changes with the account, since a new one voids the token.
 */
export async function serviceAccountKubeconfig(
  layout: SandboxLayout,
  cluster: SandboxCluster,
  { namespace, name }: AccountName,
): Promise<string> {
  const api = clusterClient(cluster).makeApiClient(CoreV1Api);
  const account = await api.readNamespacedServiceAccount({ name, namespace }).catch((error: unknown) => {
    if (error instanceof ApiException && error.code === 404) throw new NotThereYet(`ServiceAccount ${name}`);
    throw error;
  });
  const path = join(cluster.controllers, `${name}-${account.metadata?.uid}`);
  if (existsSync(path)) return path;
  const token = await serviceAccountToken(cluster, { namespace, name });
  writePrivateFile(path, tokenKubeconfig(layout, cluster, token, namespace));
  return path;
}
