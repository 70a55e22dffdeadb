import { environmentsIn, otherEnvironmentIn } from "../platform";
import { at, fields, isSet, text } from "../fields";
import type { Rule } from "../rule";

export const vaultStore: Rule = {
  id: "E1",
  title: "Stores reach Vault safely, as the role of their environment",
  severity: "critical",
  why: "A stored token never expires, plain http shows every secret, and a role of another environment reads its secrets.",
  fix: "Use https, the auth method kubernetes or jwt, and a role and mount of this environment.",
  link: "https://external-secrets.io/latest/guides/security-best-practices/",
  *check(object, { environment }) {
    if (object.kind !== "SecretStore" && object.kind !== "ClusterSecretStore") return;
    const provider = fields(at(object, "spec", "provider"));
    for (const name of Object.keys(provider)) {
      if (name !== "vault")
        yield { control: "provider", path: `spec.provider.${name}`, problem: "is not Vault" };
    }
    if (!isSet(provider.vault)) return;
    const vault = fields(provider.vault);
    const path = "spec.provider.vault";
    if (!text(vault.server).startsWith("https://")) {
      yield { control: "tls", path: `${path}.server`, problem: "is not an https address" };
    }
    if (vault.caBundle === "") yield { control: "tls", path: `${path}.caBundle`, problem: "is empty" };
    const auth = fields(vault.auth);
    const methods = Object.keys(auth).filter((method) => method !== "namespace");
    if (methods.length === 0) yield { control: "auth", path: `${path}.auth`, problem: "names no method" };
    for (const method of methods) {
      if (method !== "kubernetes" && method !== "jwt") {
        yield {
          control: "auth",
          path: `${path}.auth.${method}`,
          problem: "keeps a credential in the cluster",
        };
        continue;
      }
      if (isSet(at(auth, method, "secretRef"))) {
        yield {
          control: "auth",
          path: `${path}.auth.${method}.secretRef`,
          problem: "keeps a credential in the cluster",
        };
      }
      const role = text(at(auth, method, "role"));
      if (!environmentsIn(role).includes(environment)) {
        yield {
          control: "environment",
          path: `${path}.auth.${method}.role`,
          problem: `is ${role || "not set"}, which does not name ${environment}`,
        };
      }
    }
    for (const [where, value] of [
      [`${path}.path`, vault.path],
      [`${path}.namespace`, vault.namespace],
      ...methods.map((method) => [`${path}.auth.${method}.role`, at(auth, method, "role")] as const),
      ...methods.map(
        (method) => [`${path}.auth.${method}.mountPath`, at(auth, method, "mountPath")] as const,
      ),
    ] as const) {
      const other = otherEnvironmentIn(text(value), environment);
      if (other !== undefined) yield { control: "environment", path: where, problem: `names ${other}` };
    }
  },
};
