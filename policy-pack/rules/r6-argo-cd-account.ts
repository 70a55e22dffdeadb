import { text } from "../fields";
import { bindingSubjects, isUnlimited, roleRef, type BindingSubject } from "../role-rules";
import type { Rule } from "../rule";

/** The accounts with which Argo CD writes to a cluster, its own or a registered one. */
function isArgoCd(subject: BindingSubject): boolean {
  return (
    subject.kind === "ServiceAccount" &&
    /(^|-)argo-?cd-(manager|application-controller|server|applicationset-controller)$/.test(subject.name)
  );
}

const broadRoles = new Set(["admin", "edit"]);

export const argoCdAccount: Rule = {
  id: "R6",
  title: "Argo CD may write what it delivers and nothing else",
  severity: "high",
  why: "Whoever controls Argo CD, or a repository that it follows, holds all that its account may do on every cluster.",
  fix: "Bind Argo CD's account in the namespaces it delivers into, to a role made from the kinds that its project allows.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/security/#cluster-rbac",
  *checkAll(objects) {
    const unlimited = new Set(
      objects
        .filter((object) => object.kind === "ClusterRole" && isUnlimited(object))
        .map((role) => text(role.metadata?.name)),
    );
    for (const object of objects) {
      if (object.kind !== "ClusterRoleBinding") continue;
      const role = text(roleRef(object).name);
      if (!broadRoles.has(role) && !unlimited.has(role)) continue;
      for (const subject of bindingSubjects(object).filter(isArgoCd)) {
        yield {
          object,
          path: subject.path,
          problem: `gives ${subject.name} the role ${role} in every namespace`,
        };
      }
    }
  },
};
