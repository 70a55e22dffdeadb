import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type GitCredentials, renderGitCredentials } from "./git-credentials";

export interface CredentialTemplateArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name within the stack. */
  readonly template: string;
  /** Every repository whose address begins so, and that has no credentials of its own, is opened with these. */
  readonly url: string;
  readonly credentials: GitCredentials;
}

/**
 * Credentials for all repositories of one organization.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repository-credentials
 */
export class CredentialTemplate extends pulumi.ComponentResource {
  constructor(name: string, args: CredentialTemplateArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-cd:CredentialTemplate", name, {}, opts);
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: {
          name: `credentials-${args.template}`,
          namespace: args.namespace,
          labels: { "argocd.argoproj.io/secret-type": "repo-creds" },
        },
        stringData: { type: "git", url: args.url, ...renderGitCredentials(args.credentials) },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
