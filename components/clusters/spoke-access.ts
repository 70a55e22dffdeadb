import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { restrictedNamespace } from "../restricted-namespace";
import { cloudAccess, type CloudCredentials, type CloudIdentity } from "./cloud-identity";
import type { ClusterCredentials } from "./cluster-secret";

/** How Argo CD proves who it is to a spoke. */
export type SpokeCredentials =
  | {
      readonly kind: "serviceAccount";
      /** The token that Argo CD uses. */
      readonly activeToken: "a" | "b";
      /** How often each token has been issued; raising a number issues that token anew. */
      readonly generation: { readonly a: number; readonly b: number };
    }
  | CloudCredentials;

export interface SpokeAccessArgs {
  readonly credentials: SpokeCredentials;
  /** Certificate authority of the spoke's API server, PEM. */
  readonly caCertificate: string;
  /** Needed where the spoke's cloud is to let Argo CD in by it. */
  readonly cloudIdentity?: CloudIdentity | undefined;
}

/**
 * Argo CD's identity on a spoke. A service account lives in a namespace of its own, because a workload that shared its
 * namespace could run under its name, and has two tokens that are both valid, so that switching leaves no gap.
 */
export class SpokeAccess extends pulumi.ComponentResource {
  /** Whom to grant rights to on the spoke. */
  readonly subjects: kubernetes.types.input.rbac.v1.Subject[];
  /** What the cluster Secret says; secret where it holds a token. */
  readonly credentials: pulumi.Output<ClusterCredentials>;

  constructor(name: string, args: SpokeAccessArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:SpokeAccess", name, {}, opts);
    const { credentials, caCertificate } = args;
    if (credentials.kind === "serviceAccount") {
      const account = this.serviceAccount(name);
      const tokens = {
        a: this.token(name, "a", credentials.generation.a, account),
        b: this.token(name, "b", credentials.generation.b, account),
      };
      this.subjects = [
        { kind: "ServiceAccount", name: account.metadata.name, namespace: account.metadata.namespace },
      ];
      this.credentials = pulumi.secret(
        tokens[credentials.activeToken].data.apply((data): ClusterCredentials => ({
          kind: "token",
          token: Buffer.from(data["token"] ?? "", "base64").toString("utf8"),
          caCertificate,
        })),
      );
    } else {
      const access = cloudAccess(credentials, args.cloudIdentity, caCertificate);
      this.subjects = [access.subject];
      this.credentials = pulumi.output(access.credentials);
    }
    this.registerOutputs({});
  }

  private serviceAccount(name: string): kubernetes.core.v1.ServiceAccount {
    const namespace = restrictedNamespace(`${name}-argocd-manager`, "argocd-manager", { parent: this });
    return new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: "argocd-manager", namespace: namespace.metadata.name },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
  }

  private token(
    name: string,
    slot: "a" | "b",
    generation: number,
    account: kubernetes.core.v1.ServiceAccount,
  ): kubernetes.core.v1.Secret {
    return new kubernetes.core.v1.Secret(
      `${name}-token-${slot}`,
      {
        metadata: {
          name: `argocd-manager-token-${slot}-${generation}`,
          namespace: account.metadata.namespace,
          annotations: { "kubernetes.io/service-account.name": account.metadata.name },
        },
        type: "kubernetes.io/service-account-token",
      },
      { parent: this, additionalSecretOutputs: ["data"] },
    );
  }
}
