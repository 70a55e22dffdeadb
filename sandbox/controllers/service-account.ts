import { existsSync } from "node:fs";
import { join } from "node:path";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { tokenKubeconfig } from "../control-plane/kubeconfig";
import { type SandboxCluster, clusterClient } from "../clusters";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { NotThereYet } from "./pod-environment";

const tokenSeconds = 365 * 24 * 60 * 60;

/**
 * A kubeconfig with a token of the ServiceAccount under which a controller runs in the cluster, so that it has the
 * rights that the chart gives it and no others. Its name changes with the account, since a new one voids the token.
 */
export async function serviceAccountKubeconfig(
  layout: SandboxLayout,
  cluster: SandboxCluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const api = clusterClient(cluster).makeApiClient(CoreV1Api);
  const account = await api.readNamespacedServiceAccount({ name, namespace }).catch((error: unknown) => {
    if (error instanceof ApiException && error.code === 404) throw new NotThereYet(`ServiceAccount ${name}`);
    throw error;
  });
  const path = join(cluster.controllers, `${name}-${account.metadata?.uid}`);
  if (existsSync(path)) return path;
  const { status } = await api.createNamespacedServiceAccountToken({
    name,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: tokenSeconds } },
  });
  if (!status) throw new Error(`the API server issued no token for ServiceAccount ${name}`);
  writePrivateFile(path, tokenKubeconfig(layout, cluster, status.token, namespace));
  return path;
}
