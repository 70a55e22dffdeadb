/** Name of the Secret that holds the `clientSecret`. */
export const ssoSecret = "argocd-sso";

/** How people log in to Argo CD. */
export type SingleSignOn =
  /** An identity provider that speaks OpenID Connect. */
  | {
      readonly kind: "oidc";
      /** Shown on the login button. */
      readonly name: string;
      readonly issuer: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
    }
  /** GitHub, which does not; Dex stands between. A team is then the group `<organization>:<team>`. */
  | { readonly kind: "github"; readonly organization: string; readonly clientId: string };

const clientSecret = `$${ssoSecret}:clientSecret`;

/**
 * Keys of Argo CD's own ConfigMap. Both are YAML, of which JSON is a part.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/#sso
 */
export function renderSso(sso: SingleSignOn | undefined): Record<string, string> {
  switch (sso?.kind) {
    case undefined:
      return {};
    case "oidc":
      return {
        "oidc.config": JSON.stringify({
          name: sso.name,
          issuer: sso.issuer,
          clientID: sso.clientId,
          clientSecret,
          requestedScopes: sso.scopes,
        }),
      };
    case "github":
      return {
        "dex.config": JSON.stringify({
          connectors: [
            {
              type: "github",
              id: "github",
              name: "GitHub",
              config: {
                clientID: sso.clientId,
                clientSecret,
                orgs: [{ name: sso.organization }],
                teamNameField: "slug",
              },
            },
          ],
        }),
      };
  }
}
