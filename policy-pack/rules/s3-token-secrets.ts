import type { Rule } from "../rule";

export const tokenSecrets: Rule = {
  id: "S3",
  title: "Tokens of service accounts expire",
  severity: "medium",
  why: "A token in a Secret is valid until somebody remembers to delete it.",
  fix: "Use workload identity, or a token that the kubelet projects and renews.",
  link: "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
  *check(object) {
    if (object.kind === "Secret" && object.type === "kubernetes.io/service-account-token") {
      yield { path: "type", problem: "asks for a token that never expires" };
    }
  },
};
