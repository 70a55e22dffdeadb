import { allowsAny, reaches, roleRules } from "../role-rules";
import type { Rule } from "../rule";

export const readSecrets: Rule = {
  id: "R4",
  title: "No cluster role reads every Secret",
  severity: "high",
  why: "Secrets hold the tokens of other accounts; who reads them all is everybody.",
  fix: "Use a Role in the namespace, or name the Secrets in resourceNames.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets",
  *check(object) {
    if (object.kind !== "ClusterRole") return;
    for (const rule of roleRules(object)) {
      if (!reaches(rule, "", "secrets") || !allowsAny(rule, ["get", "list", "watch"])) continue;
      // A name narrows get down; list and watch with a name still ask for that one object.
      if (rule.resourceNames.length === 0)
        yield { path: rule.path, problem: "reads the Secrets of every namespace" };
    }
  },
};
