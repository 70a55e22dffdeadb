import { ApiException, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** As many as a highly available Redis asks for, whose replicas refuse to share one. */
const nodeNames = ["sandbox-1", "sandbox-2", "sandbox-3"];

/** Room for far more pods than the platform has, so that the scheduler never refuses one. */
const capacity = { cpu: "64", memory: "256Gi", pods: "1000", "ephemeral-storage": "1Ti" };

async function ensureNode(api: CoreV1Api, name: string): Promise<void> {
  try {
    await api.createNode({
      body: {
        metadata: {
          name,
          labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", type: "kwok" },
          annotations: { "kwok.x-k8s.io/node": "fake" },
        },
        status: { capacity, allocatable: capacity },
      },
    });
  } catch (error) {
    if (!(error instanceof ApiException && error.code === 409)) throw error;
  }
}

/** Registers the Nodes that kwok keeps Ready. */
export async function ensureNodes(kubeConfig: KubeConfig): Promise<void> {
  const api = kubeConfig.makeApiClient(CoreV1Api);
  await Promise.all(nodeNames.map((name) => ensureNode(api, name)));
}
