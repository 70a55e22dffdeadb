import { elements, fields, list, text, texts, type Fields } from "./fields";
import type { KubernetesObject } from "./rule";

/** One rule of a Role or ClusterRole. */
export interface RoleRule {
  readonly path: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

// By kind alone: a wrong apiVersion is the matter of C4, and must not hide what the object would allow.
export function isRole(object: KubernetesObject): boolean {
  return object.kind === "Role" || object.kind === "ClusterRole";
}

export function isBinding(object: KubernetesObject): boolean {
  return object.kind === "RoleBinding" || object.kind === "ClusterRoleBinding";
}

/** The rules of a Role or ClusterRole; none for other objects. */
export function roleRules(object: KubernetesObject): readonly RoleRule[] {
  if (!isRole(object)) return [];
  return elements(object.rules, "rules").map((rule) => ({
    path: rule.path,
    apiGroups: texts(rule.fields.apiGroups),
    resources: texts(rule.fields.resources),
    // A name may only be known later; whether there are any is known now.
    resourceNames: list(rule.fields.resourceNames).length > 0 ? ["named"] : [],
    nonResourceURLs: texts(rule.fields.nonResourceURLs),
    verbs: texts(rule.fields.verbs),
  }));
}

export interface BindingSubject {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Whom a binding gives its role; nobody for other objects. */
export function bindingSubjects(object: KubernetesObject): readonly BindingSubject[] {
  if (!isBinding(object)) return [];
  return elements(object.subjects, "subjects").map((subject) => ({
    path: subject.path,
    kind: text(subject.fields.kind),
    name: text(subject.fields.name),
    namespace: text(subject.fields.namespace),
  }));
}

export function roleRef(object: KubernetesObject): Fields {
  return isBinding(object) ? fields(object.roleRef) : {};
}

/** Whether a rule reaches a resource; `*` reaches all, and `*` before or behind the slash what it stands for. */
export function reaches(rule: RoleRule, group: string, resource: string): boolean {
  const [main, sub] = resource.split("/");
  const groupFits = rule.apiGroups.includes(group) || rule.apiGroups.includes("*");
  const names = [resource, "*", ...(sub === undefined ? [] : [`${main!}/*`, `*/${sub}`])];
  return groupFits && names.some((name) => rule.resources.includes(name));
}

export function allowsAny(rule: RoleRule, verbs: readonly string[]): boolean {
  return rule.verbs.includes("*") || verbs.some((verb) => rule.verbs.includes(verb));
}

const allVerbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** Whether a role allows everything on everything, by a wildcard or by naming every verb. */
export function isUnlimited(role: KubernetesObject): boolean {
  return roleRules(role).some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes("*") &&
      resources.includes("*") &&
      (verbs.includes("*") || allVerbs.every((verb) => verbs.includes(verb))),
  );
}
