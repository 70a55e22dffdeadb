import { at, elements, isSet, list, texts } from "../fields";
import { adminNamespaces } from "../platform";
import type { Finding, Rule } from "../rule";
import { selects } from "../selector";

/** The label by which a namespace selector can name a namespace, as the API server sets it. */
function namespaceLabels(name: string): Readonly<Record<string, string>> {
  return { "kubernetes.io/metadata.name": name };
}

function isPattern(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    // What cannot be read is taken to fit.
    return true;
  }
}

function* judge(path: string, condition: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const names = texts(condition.namespaces);
  const patterns = texts(condition.namespaceRegexes);
  const selector = condition.namespaceSelector;
  if (names.length === 0 && patterns.length === 0 && !isSet(selector)) {
    yield { path, problem: "selects every namespace" };
    return;
  }
  for (const namespace of adminNamespaces) {
    const isReached =
      names.includes(namespace) ||
      patterns.some((pattern) => isPattern(pattern, namespace)) ||
      selects(selector, namespaceLabels(namespace));
    if (isReached) yield { path, problem: `lets ${namespace} read its secrets` };
  }
}

export const clusterStores: Rule = {
  id: "E2",
  title: "A store for several namespaces names them",
  severity: "high",
  why: "Whoever may make an ExternalSecret anywhere reads everything the store may read.",
  fix: "Use a SecretStore in the namespace, or list namespaces under spec.conditions.",
  link: "https://external-secrets.io/latest/guides/security-best-practices/#2-secure-clustersecretstore",
  *check(object) {
    if (object.kind !== "ClusterSecretStore") return;
    const conditions = at(object, "spec", "conditions");
    if (list(conditions).length === 0)
      yield { path: "spec.conditions", problem: "is empty, so that every namespace may use the store" };
    for (const { path, fields: condition } of elements(conditions, "spec.conditions"))
      yield* judge(path, condition);
  },
};
