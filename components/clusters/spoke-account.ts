import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface SpokeAccountArgs {
  /** How often each token has been issued anew; raising a number replaces that token. */
  readonly generation: { readonly a: number; readonly b: number };
  /** The token that Argo CD uses. */
  readonly activeToken: "a" | "b";
}

/**
 * Argo CD's account on a spoke. It lives in a namespace of its own, because a workload that shared its namespace could
 * run under its name. Both tokens are valid at any time, so that switching from one to the other leaves no gap.
 */
export class SpokeAccount extends pulumi.ComponentResource {
  /** Name and namespace of the account, as a role binding names it. */
  readonly serviceAccount: {
    readonly name: pulumi.Output<string>;
    readonly namespace: pulumi.Output<string>;
  };
  /** The active token; secret. */
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: SpokeAccountArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:SpokeAccount", name, {}, opts);
    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: "argocd-manager",
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "latest",
          },
        },
      },
      { parent: this },
    );
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: "argocd-manager", namespace: namespace.metadata.name },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const token = (slot: "a" | "b") =>
      new kubernetes.core.v1.Secret(
        `${name}-token-${slot}`,
        {
          metadata: {
            name: `argocd-manager-token-${slot}-${args.generation[slot]}`,
            namespace: namespace.metadata.name,
            annotations: { "kubernetes.io/service-account.name": account.metadata.name },
          },
          type: "kubernetes.io/service-account-token",
        },
        { parent: this, additionalSecretOutputs: ["data"] },
      );
    const tokens = { a: token("a"), b: token("b") };
    this.serviceAccount = { name: account.metadata.name, namespace: namespace.metadata.name };
    this.token = pulumi.secret(
      tokens[args.activeToken].data.apply((data) =>
        Buffer.from(data["token"] ?? "", "base64").toString("utf8"),
      ),
    );
    this.registerOutputs({ token: this.token });
  }
}
