import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { admissionRetry } from "../admission-retry";
import { externalSecretsAccount } from "./external-secrets";

export interface VaultSecretStoreArgs {
  /** Namespace of the services; the store serves no other. */
  readonly namespace: pulumi.Input<string>;
  /** https address of Vault. */
  readonly server: string;
  /** Mount path of the key/value engine. */
  readonly path: string;
  /** Auth mount of this cluster: every API server reviews its own tokens. */
  readonly authMount: string;
  /** Role in that mount, which may read this environment's keys only. */
  readonly role: string;
  /** Audience that the role demands. */
  readonly audience: string;
  /** Vault Enterprise namespace. */
  readonly vaultNamespace?: string | undefined;
  /** Certificate authority of Vault, PEM; omitted, the public ones. */
  readonly caCertificate?: string | undefined;
  /** Make `up` wait until Vault has let the store log in. */
  readonly waitForReady: boolean;
}

/** https://external-secrets.io/latest/provider/hashicorp-vault/ */
export function renderVaultSecretStoreSpec(args: VaultSecretStoreArgs, serviceAccount: pulumi.Input<string>) {
  return {
    provider: {
      vault: {
        server: args.server,
        path: args.path,
        version: "v2",
        ...(args.vaultNamespace !== undefined && { namespace: args.vaultNamespace }),
        ...(args.caCertificate !== undefined && {
          caBundle: Buffer.from(args.caCertificate, "utf8").toString("base64"),
        }),
        auth: {
          kubernetes: {
            mountPath: args.authMount,
            role: args.role,
            serviceAccountRef: { name: serviceAccount, audiences: [args.audience] },
          },
        },
      },
    },
  };
}

/** The one way from the services of an environment on one cluster to their secrets in Vault. */
export class VaultSecretStore extends pulumi.ComponentResource {
  constructor(name: string, args: VaultSecretStoreArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:external-secrets:VaultSecretStore", name, {}, opts);
    const { namespace } = args;
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: { name: "vault", namespace }, automountServiceAccountToken: false },
      { parent: this },
    );
    const role = new kubernetes.rbac.v1.Role(
      `${name}-token-role`,
      {
        metadata: { name: "vault-token", namespace },
        rules: [
          {
            apiGroups: [""],
            resources: ["serviceaccounts/token"],
            resourceNames: [account.metadata.name],
            verbs: ["create"],
          },
        ],
      },
      { parent: this },
    );
    const binding = new kubernetes.rbac.v1.RoleBinding(
      `${name}-token-binding`,
      {
        metadata: { name: "vault-token", namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", ...externalSecretsAccount }],
      },
      { parent: this },
    );
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        metadata: {
          name: "vault",
          namespace,
          ...(args.waitForReady && { annotations: { "pulumi.com/waitFor": "condition=Ready" } }),
        },
        spec: renderVaultSecretStoreSpec(args, account.metadata.name),
      },
      {
        parent: this,
        dependsOn: binding,
        hooks: { onError: [admissionRetry(name)] },
        customTimeouts: { create: "5m", update: "5m" },
      },
    );
    this.registerOutputs({});
  }
}
