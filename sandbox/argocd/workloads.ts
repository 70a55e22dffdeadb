import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1PodTemplateSpec,
} from "@kubernetes/client-node";
import { type NamespaceData, NotThereYet } from "../controllers/pod-environment";

/** The namespace into which the program installs Argo CD. */
export const argocdNamespace = "argocd";

/** What of a workload decides how its process is started. */
export interface ArgoCdWorkload {
  readonly serviceAccountName: string;
  readonly args: readonly string[];
  readonly env: NonNullable<NonNullable<V1PodTemplateSpec["spec"]>["containers"][number]["env"]>;
}

const definitions = ["applications", "applicationsets", "appprojects"].map((kind) => `${kind}.argoproj.io`);

/**
 * Returns once the API server serves Argo CD's own kinds, without which its processes end or wait for long.
 *
 * @throws NotThereYet while it does not.
 */
export async function assertKindsServed(kubeConfig: KubeConfig): Promise<void> {
  const api = kubeConfig.makeApiClient(ApiextensionsV1Api);
  for (const name of definitions) {
    const definition = await api.readCustomResourceDefinition({ name }).catch((error: unknown) => {
      if (error instanceof ApiException && error.code === 404)
        throw new NotThereYet(`the definition of ${name}`);
      throw error;
    });
    const established = definition.status?.conditions?.some(
      ({ type, status }) => type === "Established" && status === "True",
    );
    if (!established) throw new NotThereYet(`the definition of ${name}`);
  }
}

/** The workloads of Argo CD in the cluster, by the value of their component label. */
export async function readWorkloads(kubeConfig: KubeConfig): Promise<Map<string, ArgoCdWorkload>> {
  const api = kubeConfig.makeApiClient(AppsV1Api);
  const query = { namespace: argocdNamespace, labelSelector: "app.kubernetes.io/part-of=argocd" };
  const [deployments, statefulSets] = await Promise.all([
    api.listNamespacedDeployment(query),
    api.listNamespacedStatefulSet(query),
  ]);
  return new Map(
    [...deployments.items, ...statefulSets.items].flatMap((workload) => {
      const component = workload.metadata?.labels?.["app.kubernetes.io/component"];
      const pod = workload.spec?.template.spec;
      const container = pod?.containers[0];
      if (!component || !container) return [];
      return [
        [
          component,
          {
            serviceAccountName: pod.serviceAccountName ?? "default",
            // The first argument is the program's path inside the image.
            args: (container.args ?? []).slice(1),
            env: container.env ?? [],
          },
        ],
      ];
    }),
  );
}

/** The ConfigMaps and Secrets that Argo CD's containers refer to, decoded. */
export async function readNamespaceData(kubeConfig: KubeConfig): Promise<NamespaceData> {
  const api = kubeConfig.makeApiClient(CoreV1Api);
  const query = { namespace: argocdNamespace };
  const [configMaps, secrets] = await Promise.all([
    api.listNamespacedConfigMap(query),
    api.listNamespacedSecret(query),
  ]);
  const decode = (data: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  return {
    configMaps: Object.fromEntries(
      configMaps.items.map((item) => [item.metadata?.name ?? "", item.data ?? {}]),
    ),
    secrets: Object.fromEntries(
      secrets.items.map((item) => [item.metadata?.name ?? "", decode(item.data ?? {})]),
    ),
  };
}
