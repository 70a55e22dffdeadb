import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface DeployerAccessArgs {
  /** The namespace in which Argo CD may write. */
  readonly namespace: pulumi.Input<string>;
  readonly rules: kubernetes.types.input.rbac.v1.PolicyRule[];
  /** The identities that Argo CD has here. */
  readonly subjects: kubernetes.types.input.rbac.v1.Subject[];
}

/** What Argo CD may do in one namespace of one cluster. */
export class DeployerAccess extends pulumi.ComponentResource {
  constructor(name: string, args: DeployerAccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:DeployerAccess", name, {}, opts);
    const metadata = { name: "argocd-deployer", namespace: args.namespace };
    const role = new kubernetes.rbac.v1.Role(
      `${name}-role`,
      { metadata, rules: args.rules },
      { parent: this },
    );
    new kubernetes.rbac.v1.RoleBinding(
      `${name}-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: args.subjects,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
