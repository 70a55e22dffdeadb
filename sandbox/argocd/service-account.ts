import { existsSync } from "node:fs";
import { join } from "node:path";
import { ApiException, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { tokenKubeconfig } from "../control-plane/kubeconfig";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { NotThereYet } from "./pod-environment";
import { argocdNamespace } from "./workloads";

const tokenSeconds = 365 * 24 * 60 * 60;

/**
 * A kubeconfig with a token of the ServiceAccount under which the component runs in the cluster, so that it has the
 * rights that the chart gives it and no others. Its name changes with the account, since a new one voids the token.
 */
export async function serviceAccountKubeconfig(
  layout: SandboxLayout,
  kubeConfig: KubeConfig,
  name: string,
): Promise<string> {
  const api = kubeConfig.makeApiClient(CoreV1Api);
  const account = await api
    .readNamespacedServiceAccount({ name, namespace: argocdNamespace })
    .catch((error: unknown) => {
      if (error instanceof ApiException && error.code === 404)
        throw new NotThereYet(`ServiceAccount ${name}`);
      throw error;
    });
  const path = join(layout.argocd, "kubeconfigs", `${name}-${account.metadata?.uid}`);
  if (existsSync(path)) return path;
  const { status } = await api.createNamespacedServiceAccountToken({
    name,
    namespace: argocdNamespace,
    body: { spec: { audiences: [], expirationSeconds: tokenSeconds } },
  });
  if (!status) throw new Error(`the API server issued no token for ServiceAccount ${name}`);
  writePrivateFile(path, tokenKubeconfig(layout, status.token, argocdNamespace));
  return path;
}
