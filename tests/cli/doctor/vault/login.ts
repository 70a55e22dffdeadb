import type { VaultRole } from "./settings";

/** What an API server says of a token. */
export interface Review {
  readonly authenticated: boolean;
  readonly username: string;
  readonly uid: string;
}

/** Asks an API server whether a token is valid for an audience. */
export type ReviewToken = (token: string, audience: string) => Promise<Review>;

/** The account for which a login has been granted. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** A login that is refused, with the status and the words that Vault has for it. */
export class LoginRefused extends Error {
  constructor(
    readonly status: 400 | 403,
    message: string,
  ) {
    super(message);
  }
}

interface Claims {
  readonly aud?: string | readonly string[];
  readonly "kubernetes.io"?: {
    readonly namespace?: string;
    readonly serviceaccount?: { readonly name?: string; readonly uid?: string };
  };
}

function claimsOf(jwt: string): Claims {
  try {
    return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims;
  } catch {
    throw new LoginRefused(403, "error validating token: malformed");
  }
}

function isBound(values: readonly string[], value: string): boolean {
  return values.includes("*") || values.includes(value);
}

/**
 * Kubernetes auth, in the order and with the answers of
 * https://github.com/hashicorp/vault-plugin-auth-kubernetes/blob/main/path_login.go: claims first, then the API server.
 *
 * @throws LoginRefused
 */
export async function login(
  roles: Readonly<Record<string, VaultRole>>,
  roleName: string,
  jwt: string,
  review: ReviewToken,
): Promise<Account> {
  if (!roleName) throw new LoginRefused(400, "missing role");
  if (!jwt) throw new LoginRefused(400, "missing jwt");
  const role = roles[roleName];
  if (!role) throw new LoginRefused(400, `invalid role name "${roleName}"`);

  const claims = claimsOf(jwt);
  if (![claims.aud ?? []].flat().includes(role.audience)) {
    throw new LoginRefused(
      403,
      "invalid audience (aud) claim: audience claim does not match any expected audience",
    );
  }
  const namespace = claims["kubernetes.io"]?.namespace ?? "";
  const { name = "", uid = "" } = claims["kubernetes.io"]?.serviceaccount ?? {};
  if (!isBound(role.boundServiceAccountNames, name)) {
    throw new LoginRefused(403, "service account name not authorized");
  }
  if (!isBound(role.boundServiceAccountNamespaces, namespace)) {
    throw new LoginRefused(403, "namespace not authorized");
  }
  const seen = await review(jwt, role.audience);
  const isSame = seen.username === `system:serviceaccount:${namespace}:${name}` && seen.uid === uid;
  if (!seen.authenticated || !isSame) throw new LoginRefused(403, "permission denied");
  return { namespace, name, uid };
}
