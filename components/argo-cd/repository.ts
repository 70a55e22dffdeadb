import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What opens the repository; exactly one of the three ways. */
export type RepositoryCredentials =
  | { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> }
  | { readonly sshPrivateKey: pulumi.Input<string> }
  | {
      readonly githubApp: {
        readonly id: pulumi.Input<string>;
        readonly installationId: pulumi.Input<string>;
        readonly privateKey: pulumi.Input<string>;
      };
    };

export interface RepositoryArgs {
  readonly namespace: pulumi.Input<string>;
  /** Address in the spelling that projects and Applications use. */
  readonly url: string;
  /** Omitted, the repository is public. */
  readonly credentials?: RepositoryCredentials | undefined;
}

function credentialKeys(credentials: RepositoryCredentials): Record<string, pulumi.Input<string>> {
  if ("githubApp" in credentials) {
    const { id, installationId, privateKey } = credentials.githubApp;
    return { githubAppID: id, githubAppInstallationID: installationId, githubAppPrivateKey: privateKey };
  }
  return { ...credentials };
}

/**
 * The repository that Argo CD delivers from.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories
 */
export class Repository extends pulumi.ComponentResource {
  constructor(name: string, args: RepositoryArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:Repository", name, {}, opts);
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: {
          name: "repository-platform",
          namespace: args.namespace,
          labels: { "argocd.argoproj.io/secret-type": "repository" },
        },
        stringData: {
          type: "git",
          name: "platform",
          url: args.url,
          ...(args.credentials && credentialKeys(args.credentials)),
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
