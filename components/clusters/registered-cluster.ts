import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { renderClusterConfig, type ClusterCredentials } from "./cluster-secret";

export interface RegisteredClusterArgs {
  /** Namespace of Argo CD. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the cluster in Argo CD. Changing it removes the Applications of the old name. */
  readonly cluster: string;
  /** Address of the API server as Argo CD reaches it. */
  readonly server: string;
  readonly credentials: pulumi.Input<ClusterCredentials>;
  /** Selects the services that are delivered to this cluster. */
  readonly environment: string;
  /** The only namespaces that Argo CD reads and writes there. */
  readonly namespaces: readonly string[];
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly protect: boolean;
}

function encoded(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value, "utf8").toString("base64")]),
  );
}

/**
 * The Secret through which Argo CD knows a cluster.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
export class RegisteredCluster extends pulumi.ComponentResource {
  constructor(name: string, args: RegisteredClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:RegisteredCluster", name, {}, opts);
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: {
          name: `cluster-${args.cluster}`,
          namespace: args.namespace,
          labels: {
            ...args.labels,
            "argocd.argoproj.io/secret-type": "cluster",
            environment: args.environment,
          },
        },
        // Apart from the token, which is only known during the update: one unknown value would hide the others from a
        // preview, and the policy pack could not judge how far the registration reaches.
        data: encoded({
          name: args.cluster,
          server: args.server,
          namespaces: args.namespaces.join(","),
          clusterResources: "false",
        }),
        stringData: {
          config: pulumi.secret(pulumi.output(args.credentials).apply(renderClusterConfig)),
        },
      },
      { parent: this, protect: args.protect },
    );
    this.registerOutputs({});
  }
}
