import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type GitCredentials, renderGitCredentials } from "./git-credentials";

export interface RepositoryArgs {
  readonly namespace: pulumi.Input<string>;
  /** Address in the spelling that projects and Applications use. */
  readonly url: string;
  /** Omitted, the repository is public or a credential template opens it. */
  readonly credentials?: GitCredentials | undefined;
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
          ...(args.credentials && renderGitCredentials(args.credentials)),
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
