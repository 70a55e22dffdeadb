import type * as pulumi from "@pulumi/pulumi";

/** What opens a git repository; exactly one of the three ways. */
export type GitCredentials =
  | { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> }
  | { readonly sshPrivateKey: pulumi.Input<string> }
  | {
      readonly githubApp: {
        readonly id: pulumi.Input<string>;
        readonly installationId: pulumi.Input<string>;
        readonly privateKey: pulumi.Input<string>;
        /** API of a GitHub Enterprise server; omitted, github.com. */
        readonly enterpriseBaseUrl?: pulumi.Input<string> | undefined;
      };
    };

/**
 * Keys of a repository's Secret and of a credential template's.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repository-credentials
 */
export function renderGitCredentials(credentials: GitCredentials): Record<string, pulumi.Input<string>> {
  if (!("githubApp" in credentials)) return { ...credentials };
  const { id, installationId, privateKey, enterpriseBaseUrl } = credentials.githubApp;
  return {
    githubAppID: id,
    githubAppInstallationID: installationId,
    githubAppPrivateKey: privateKey,
    ...(enterpriseBaseUrl !== undefined && { githubAppEnterpriseBaseUrl: enterpriseBaseUrl }),
  };
}
