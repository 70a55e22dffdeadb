import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceNamespaceArgs {
  /** Name of the namespace. */
  readonly namespace: string;
  /** Keep the namespace and what runs in it when it leaves the stack. */
  readonly retain: boolean;
}

/** The namespace of an environment's services on one cluster, held to the restricted Pod Security Standard. */
export class ServiceNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: ServiceNamespaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:ServiceNamespace", name, args, opts);
    const namespace = new kubernetes.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "latest",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      { parent: this, protect: args.retain, retainOnDelete: args.retain },
    );
    this.namespace = namespace.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}
