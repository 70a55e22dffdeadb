import { ApiException, ApiextensionsV1Api } from "@kubernetes/client-node";
import { type SandboxCluster, clusterClient } from "../clusters";
import type { SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { deployedController } from "./deployed";
import { NotThereYet } from "./pod-environment";

const watchedDefinitions = [
  "externalsecrets.external-secrets.io",
  "secretstores.external-secrets.io",
  "generatorstates.generators.external-secrets.io",
];

/** Started without one of them, the controller would look for it every ten seconds only. */
async function assertDefinitions(cluster: SandboxCluster): Promise<void> {
  const api = clusterClient(cluster).makeApiClient(ApiextensionsV1Api);
  await Promise.all(
    watchedDefinitions.map((name) =>
      api.readCustomResourceDefinition({ name }).catch((error: unknown) => {
        if (error instanceof ApiException && error.code === 404) throw new NotThereYet(`definition ${name}`);
        throw error;
      }),
    ),
  );
}

/** The External Secrets controller as its Deployment states it; nothing while the stack has not installed the chart. */
export async function externalSecretsController(
  layout: SandboxLayout,
  tools: ToolPaths,
  cluster: SandboxCluster,
): Promise<ProcessSpec | undefined> {
  const deployed = await deployedController(layout, cluster, "app.kubernetes.io/name=external-secrets");
  if (!deployed) return undefined;
  await assertDefinitions(cluster);
  return {
    name: `external-secrets${cluster.suffix}`,
    command: tools["external-secrets"],
    args: [
      ...(deployed.pod.containers[0]?.args ?? []),
      // Nobody asks for its metrics or its health here, and there is one.
      "--metrics-addr=0",
      "--live-addr=0",
      "--enable-leader-election=false",
    ],
    env: { KUBECONFIG: deployed.kubeconfig },
    ports: [],
    // It answers nobody; what it has done stands in the status of each ExternalSecret.
    ready: () => Promise.resolve(true),
  };
}
