import { at, elements, isSet, text } from "../fields";
import { fitsGlob } from "../glob";
import { adminProjects } from "../platform";
import type { Rule } from "../rule";

/** Kinds with which a project could make itself master of the cluster. */
const masterKinds = [
  { group: "rbac.authorization.k8s.io", kind: "ClusterRole" },
  { group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding" },
  { group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration" },
  { group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration" },
  { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
];

export const projectClusterResources: Rule = {
  id: "A2",
  title: "Projects of services contain no cluster-scoped power",
  severity: "high",
  why: "A ClusterRoleBinding, a webhook or a definition delivered by a service rules over all others.",
  fix: "Leave clusterResourceWhitelist empty, or put what is denied on clusterResourceBlacklist.",
  link: "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#managing-projects",
  *check(object) {
    if (object.kind !== "AppProject" || adminProjects.has(text(object.metadata?.name))) return;
    const allowed = elements(at(object, "spec", "clusterResourceWhitelist"), "spec.clusterResourceWhitelist");
    for (const { path, fields: entry } of allowed) {
      const group = text(entry.group);
      const kind = text(entry.kind);
      if (/^\*+$/.test(group) && /^\*+$/.test(kind)) {
        yield { control: "everything", path, problem: "allows every cluster-scoped kind" };
        continue;
      }
      const master = masterKinds.find(
        (candidate) => fitsGlob(group, candidate.group) && fitsGlob(kind, candidate.kind),
      );
      if (master) yield { control: "power", path, problem: `allows ${master.kind}` };
    }
    const denied = elements(at(object, "spec", "clusterResourceBlacklist"), "");
    const deniesAll = denied.some(
      ({ fields: entry }) => text(entry.group) === "*" && text(entry.kind) === "*",
    );
    // An empty white list allows nothing; one that is only left out is not seen by whoever adds to it.
    const isExplicit =
      allowed.length > 0 ? denied.length > 0 : isSet(at(object, "spec", "clusterResourceWhitelist"));
    if (!deniesAll && !isExplicit) {
      yield {
        control: "explicit",
        path: "spec.clusterResourceBlacklist",
        problem: "does not say what is denied",
      };
    }
  },
};
