import { ApiException, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { argocdNamespace } from "../argocd/workloads";

/** One Application as Argo CD reports it. */
export interface ApplicationStatus {
  readonly name: string;
  readonly sync: string;
  readonly health: string;
  readonly revision: string;
  /** Why it is not in order, where Argo CD says so. */
  readonly reason: string;
}

interface Application {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly sync?: { readonly status?: string; readonly revision?: string };
    readonly health?: { readonly status?: string; readonly message?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: { readonly phase?: string; readonly message?: string };
  };
}

export function applicationStatus({ metadata, status }: Application): ApplicationStatus {
  const { operationState } = status ?? {};
  const failed = operationState && !["Succeeded", "Running"].includes(operationState.phase ?? "");
  return {
    name: metadata.name,
    sync: status?.sync?.status ?? "Unknown",
    health: status?.health?.status ?? "Unknown",
    revision: status?.sync?.revision ?? "",
    reason:
      status?.conditions?.map(({ message }) => message).join("; ") ||
      (failed ? operationState.message : undefined) ||
      status?.health?.message ||
      "",
  };
}

/** All Applications, by name; none while their kind does not exist. */
export async function listApplications(kubeConfig: KubeConfig): Promise<ApplicationStatus[]> {
  const api = kubeConfig.makeApiClient(CustomObjectsApi);
  try {
    const list = (await api.listNamespacedCustomObject({
      group: "argoproj.io",
      version: "v1alpha1",
      namespace: argocdNamespace,
      plural: "applications",
    })) as { items: Application[] };
    return list.items.map(applicationStatus).sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return [];
    throw error;
  }
}
