import { text } from "../fields";
import { isBinding, roleRef } from "../role-rules";
import type { Rule } from "../rule";

export const clusterAdmin: Rule = {
  id: "R1",
  title: "Nobody is bound to cluster-admin",
  severity: "critical",
  why: "Whoever holds this role owns every workload and every Secret of the cluster.",
  fix: "Bind a role that names what is needed.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  *check(object) {
    if (isBinding(object) && text(roleRef(object).name) === "cluster-admin") {
      yield { path: "roleRef.name", problem: "is cluster-admin" };
    }
  },
};
