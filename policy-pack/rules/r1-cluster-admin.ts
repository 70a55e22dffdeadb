import { text } from "../fields";
import { isBinding, isUnlimited, roleRef } from "../role-rules";
import type { Rule } from "../rule";

export const clusterAdmin: Rule = {
  id: "R1",
  title: "Nobody is bound to cluster-admin",
  severity: "critical",
  why: "Whoever holds this role, or one that allows as much, owns every workload and every Secret of the cluster.",
  fix: "Bind a role that names what is needed.",
  link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege",
  *checkAll(objects) {
    const unlimited = new Set(
      objects
        .filter((object) => object.kind === "ClusterRole" && isUnlimited(object))
        .map((role) => text(role.metadata?.name)),
    );
    for (const object of objects.filter(isBinding)) {
      const { kind, name } = roleRef(object);
      const role = text(name);
      if (role === "cluster-admin") yield { object, path: "roleRef.name", problem: "is cluster-admin" };
      else if (kind === "ClusterRole" && unlimited.has(role)) {
        yield { object, path: "roleRef.name", problem: `is ${role}, which allows as much as cluster-admin` };
      }
    }
  },
};
