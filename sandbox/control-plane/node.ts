import { CoreV1Api, type KubeConfig, ApiException } from "@kubernetes/client-node";

const nodeName = "sandbox";

/** Room for far more pods than the platform has, so that the scheduler never refuses one. */
const capacity = { cpu: "64", memory: "256Gi", pods: "1000", "ephemeral-storage": "1Ti" };

/** Registers the one Node that kwok keeps Ready. */
export async function ensureNode(kubeConfig: KubeConfig): Promise<void> {
  const api = kubeConfig.makeApiClient(CoreV1Api);
  try {
    await api.createNode({
      body: {
        metadata: {
          name: nodeName,
          labels: { "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux", type: "kwok" },
          annotations: { "kwok.x-k8s.io/node": "fake" },
        },
        status: { capacity, allocatable: capacity },
      },
    });
  } catch (error) {
    if (!(error instanceof ApiException && error.code === 409)) throw error;
  }
}
