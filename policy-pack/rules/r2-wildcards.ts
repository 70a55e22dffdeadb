import { roleRules } from "../role-rules";
import type { Rule } from "../rule";

const fieldsOfRules = [
  ["api-groups", "apiGroups"],
  ["resources", "resources"],
  ["verbs", "verbs"],
] as const;

export const roleWildcards: Rule = {
  id: "R2",
  title: "Roles name what they allow",
  severity: "high",
  why: "A wildcard also allows what is installed tomorrow.",
  fix: "List the groups, resources and verbs that are needed.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  *check(object) {
    for (const rule of roleRules(object)) {
      for (const [control, field] of fieldsOfRules) {
        const wildcard = rule[field].find((name) => name.includes("*"));
        if (wildcard !== undefined)
          yield { control, path: `${rule.path}.${field}`, problem: `contains ${wildcard}` };
      }
    }
  },
};
