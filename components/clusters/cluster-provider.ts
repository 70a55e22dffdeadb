import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

export interface ClusterProviderArgs {
  /** Path of a kubeconfig file, or the text of one. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Context to use; omitted, the kubeconfig's current-context. */
  readonly context?: string | undefined;
}

/**
 * The one way to a cluster. The default provider is disabled, so that no resource can land in whatever cluster the
 * environment happens to point at.
 */
export function clusterProvider(name: string, args: ClusterProviderArgs): kubernetes.Provider {
  return new kubernetes.Provider(name, {
    kubeconfig: args.kubeconfig,
    ...(args.context !== undefined && { context: args.context }),
    // Without an identifier a rotated kubeconfig would look like another cluster and plan the replacement of everything.
    clusterIdentifier: name,
    // A replaced cluster Secret would make Argo CD delete every Application of that cluster.
    enableSecretMutable: true,
    enableConfigMapMutable: true,
  });
}
