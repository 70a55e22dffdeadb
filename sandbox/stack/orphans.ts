import { CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { argocdNamespace } from "../argocd/workloads";
import { stateResources } from "./run-engine";

/** URN of the set that generates the services' Applications; nothing where the stack has none. */
async function applicationSetUrn(stack: Stack): Promise<string | undefined> {
  const resources = await stateResources(stack);
  return resources.find(({ type }) => type === "kubernetes:argoproj.io/v1alpha1:ApplicationSet")?.urn;
}

/**
 * Removes the ApplicationSet and then the Applications that outlive it outside dev, for which their project would wait
 * for ever: step 4 of docs/runbooks/teardown.md.
 */
export async function removeApplications(
  stack: Stack,
  environment: string,
  hub: KubeConfig,
  signal: AbortSignal,
): Promise<void> {
  const urn = await applicationSetUrn(stack);
  if (urn) await stack.destroy({ target: [urn], targetDependents: true, signal });
  await hub.makeApiClient(CustomObjectsApi).deleteCollectionNamespacedCustomObject({
    group: "argoproj.io",
    version: "v1alpha1",
    namespace: argocdNamespace,
    plural: "applications",
    labelSelector: `environment=${environment}`,
  });
}
