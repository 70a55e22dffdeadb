import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { at, fields, list, text, texts } from "../fields";
import { adminProjects } from "../platform";
import { openValue } from "../redact";
import type { Rule } from "../rule";

const namespaceSettings = ["application.namespaces", "applicationsetcontroller.namespaces"];

/** Whether it stands for namespaces that somebody makes tomorrow: a glob, or a regular expression between slashes. */
function isPattern(namespace: string): boolean {
  return namespace.includes("*") || /^\s*\//.test(namespace);
}

export const tenancy: Rule = {
  id: "A14",
  title: "Who may make Applications, and with whose rights they are delivered, is limited",
  severity: "high",
  why: "An Application in any namespace, or one account for everything, undoes the fences between projects (CVE-2023-22736, CVE-2024-31990).",
  fix: "List namespaces without wildcards; register clusters with their namespaces; keep a project to its own clusters.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/",
  *check(object, { environment }) {
    for (const settings of argoCdSettings(object, "argocd-cmd-params-cm")) {
      for (const key of namespaceSettings) {
        const isOpen = text(settings.data[key]).split(",").some(isPattern);
        if (isOpen)
          yield {
            control: "namespaces",
            path: settingPath(settings, key),
            problem: "accepts Applications from namespaces that it does not name",
          };
      }
    }
    if (object.kind === "AppProject") {
      for (const [index, pattern] of texts(at(object, "spec", "sourceNamespaces")).entries()) {
        if (isPattern(pattern)) {
          yield {
            control: "namespaces",
            path: `spec.sourceNamespaces[${index}]`,
            problem: `${pattern} accepts Applications from namespaces that it does not name`,
          };
        }
      }
      const isService =
        !adminProjects.has(text(object.metadata?.name)) &&
        list(at(object, "spec", "destinations")).length > 0;
      if (
        environment === "production" &&
        isService &&
        at(object, "spec", "permitOnlyProjectScopedClusters") !== true
      ) {
        yield { control: "clusters", path: "spec.permitOnlyProjectScopedClusters", problem: "is not true" };
      }
    }
    const isCluster = text(fields(object.metadata?.labels)["argocd.argoproj.io/secret-type"]) === "cluster";
    if (environment === "production" && object.kind === "Secret" && isCluster) {
      if (openValue(object, "namespaces").trim() === "") {
        yield {
          control: "account",
          path: "stringData.namespaces",
          problem: "gives Argo CD every namespace of the cluster",
        };
      }
    }
  },
};
