import { at, elements, text, texts } from "../fields";
import { fitsGlob } from "../glob";
import { adminNamespaces, adminProjects } from "../platform";
import type { Rule } from "../rule";

/** Any repository at all, or any of a whole host. */
function isOpenRepository(pattern: string): boolean {
  return /^\*+$/.test(pattern) || /^[a-z+]+:\/\/([^/]*\*[^/]*|[^/]+\/\*+)$/.test(pattern);
}

export const projectScope: Rule = {
  id: "A1",
  title: "Projects name their repositories and destinations",
  severity: "high",
  why: "Who may write to any allowed repository writes to every allowed destination; the argocd namespace is the whole platform.",
  fix: "List repositories, clusters and namespaces; deliver into argocd from the administrators' projects only.",
  link: "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/",
  *check(object) {
    if (object.kind !== "AppProject") return;
    for (const [index, repository] of texts(at(object, "spec", "sourceRepos")).entries()) {
      if (isOpenRepository(repository)) {
        yield {
          control: "source",
          path: `spec.sourceRepos[${index}]`,
          problem: `${repository} allows any repository`,
        };
      }
    }
    const denied = elements(at(object, "spec", "destinations"), "")
      .map(({ fields: destination }) => text(destination.namespace))
      .filter((namespace) => namespace.startsWith("!"))
      .map((namespace) => namespace.slice(1));
    const isAdmin = adminProjects.has(text(object.metadata?.name));
    for (const { path, fields: destination } of elements(
      at(object, "spec", "destinations"),
      "spec.destinations",
    )) {
      const namespace = text(destination.namespace);
      const clusters = [text(destination.server), text(destination.name)];
      if (clusters.some((cluster) => cluster.startsWith("!"))) continue;
      const anyCluster = clusters.some((cluster) => /^\*+$/.test(cluster));
      if (anyCluster && /^\*+$/.test(namespace)) {
        yield { control: "destination", path, problem: "allows every namespace of every cluster" };
        continue;
      }
      const reached = adminNamespaces.find(
        (name) => fitsGlob(namespace, name) && !denied.some((pattern) => fitsGlob(pattern, name)),
      );
      if (reached !== undefined && !isAdmin) {
        yield {
          control: "admin-namespace",
          path: `${path}.namespace`,
          problem: `${namespace} reaches ${reached}`,
        };
      }
    }
  },
};
