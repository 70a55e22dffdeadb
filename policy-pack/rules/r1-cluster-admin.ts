import { text } from "../fields";
import { isBinding, isUnlimited, roleRef } from "../role-rules";
import type { Rule } from "../rule";

/** Whom a reference means: a Role stands in the namespace of its binding. */
function roleKey(kind: string, name: string, namespace = ""): string {
  return kind === "Role" ? `${namespace}/${name}` : name;
}

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
        .filter(isUnlimited)
        .map((role) => roleKey(text(role.kind), text(role.metadata?.name), role.metadata?.namespace)),
    );
    for (const object of objects.filter(isBinding)) {
      const { kind, name } = roleRef(object);
      const role = text(name);
      if (role === "cluster-admin") yield { object, path: "roleRef.name", problem: "is cluster-admin" };
      else if (unlimited.has(roleKey(text(kind), role, object.metadata?.namespace))) {
        yield { object, path: "roleRef.name", problem: `is ${role}, which allows as much as cluster-admin` };
      }
    }
  },
};
