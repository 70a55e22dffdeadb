import { readFileSync } from "node:fs";
import { ApiException, CoreV1Api, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { type SandboxCluster, clusterClient } from "../clusters";
import { serviceAccountToken } from "../controllers/service-account";
import { credentialFiles } from "../control-plane/credentials";
import type { SandboxLayout } from "../layout";

const account = { name: "vault-reviewer", namespace: "kube-system" };

async function unlessPresent(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof ApiException && error.code === 409)) throw error;
  });
}

/**
 * How Vault asks an API server about the tokens that it issued: as an account that may do nothing else, like step 6 of
 * docs/runbooks/bootstrap.md.
 */
export async function tokenReview(layout: SandboxLayout, cluster: SandboxCluster): Promise<object> {
  const kubeConfig = clusterClient(cluster);
  await unlessPresent(
    kubeConfig.makeApiClient(CoreV1Api).createNamespacedServiceAccount({
      namespace: account.namespace,
      body: { metadata: { name: account.name } },
    }),
  );
  await unlessPresent(
    kubeConfig.makeApiClient(RbacAuthorizationV1Api).createClusterRoleBinding({
      body: {
        metadata: { name: account.name },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: "system:auth-delegator",
        },
        subjects: [{ kind: "ServiceAccount", ...account }],
      },
    }),
  );
  return {
    kubernetes_host: `https://127.0.0.1:${cluster.ports.kubernetes}`,
    kubernetes_ca_cert: readFileSync(credentialFiles(layout).authority, "utf8"),
    token_reviewer_jwt: await serviceAccountToken(cluster, account),
    disable_local_ca_jwt: true,
  };
}
