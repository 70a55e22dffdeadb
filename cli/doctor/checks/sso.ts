import type { ArgoCdConfig } from "../../../config/schema";
import type { Check } from "../context";
import { failed, type Finding, invalid, ok, reasonOf } from "../finding";
import { type Answer, jsonOf, send } from "../https";

type OpenIdConnect = Extract<NonNullable<ArgoCdConfig["sso"]>, { kind: "oidc" }>;

/** https://openid.net/specs/openid-connect-discovery-1_0.html */
export function judgeDiscovery({ issuer, scopes }: OpenIdConnect, answer: Answer): Finding {
  const document = (jsonOf(answer) ?? {}) as { issuer?: unknown; scopes_supported?: unknown };
  if (answer.status !== 200 || typeof document.issuer !== "string") {
    return invalid(
      "argocd.sso.issuer",
      `${issuer} does not answer as an identity provider: HTTP ${answer.status}`,
      "correct the issuer; <issuer>/.well-known/openid-configuration must exist",
    );
  }
  if (document.issuer !== issuer) {
    return failed(
      "argocd.sso.issuer",
      `"${issuer}" calls itself "${document.issuer}", and Argo CD compares the two as texts`,
      `set argocd.sso.issuer to ${document.issuer}`,
    );
  }
  const offered: readonly unknown[] = Array.isArray(document.scopes_supported)
    ? document.scopes_supported
    : scopes;
  const missing = scopes.filter((scope) => !offered.includes(scope));
  return missing.length === 0
    ? ok("argocd.sso.issuer", `${issuer} is an identity provider and offers every scope`)
    : failed(
        "argocd.sso.scopes",
        `${issuer} does not offer ${missing.join(", ")}`,
        "remove it from argocd.sso.scopes, or have the provider offer it; without the claim `groups` nobody has a role",
      );
}

/** With single sign-on the local admin is off: where it does not work, nobody can log in. */
export const ssoCheck: Check = {
  name: "sso",
  run: async ({ config }) => {
    const { sso } = config.argocd;
    if (!sso) return [ok("argocd.sso", "is not part of this stack; only the local admin can log in")];
    if (sso.kind === "github") return [ok("argocd.sso", `lets in members of ${sso.organization} on GitHub`)];
    const url = `${sso.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    try {
      return [judgeDiscovery(sso, await send(url, { method: "GET" }))];
    } catch (error) {
      const fix = "check the address, and the way to the identity provider";
      return [invalid("argocd.sso.issuer", `${sso.issuer} cannot be reached: ${reasonOf(error)}`, fix)];
    }
  },
};
