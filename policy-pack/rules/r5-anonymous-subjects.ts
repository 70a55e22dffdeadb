import { bindingSubjects } from "../role-rules";
import type { Rule } from "../rule";

const everybody = new Set([
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:masters",
]);

export const anonymousSubjects: Rule = {
  id: "R5",
  title: "No role is bound to everybody or to the group above all rules",
  severity: "critical",
  why: "These names stand for anybody who reaches the API, or for somebody whom no rule holds.",
  fix: "Bind the role to a group of the identity provider or to a service account.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  *check(object) {
    for (const subject of bindingSubjects(object)) {
      if (everybody.has(subject.name)) yield { path: `${subject.path}.name`, problem: `is ${subject.name}` };
    }
  },
};
