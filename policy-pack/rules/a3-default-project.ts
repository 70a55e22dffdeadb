import { applications } from "../applications";
import { at, list, text } from "../fields";
import type { KubernetesObject, Rule } from "../rule";

/** Whether nothing can be delivered through a project. */
function isStripped(project: KubernetesObject): boolean {
  return ["sourceRepos", "destinations", "clusterResourceWhitelist"].every(
    (field) => list(at(project, "spec", field)).length === 0,
  );
}

export const defaultProject: Rule = {
  id: "A3",
  title: "Nothing uses the project default, and it allows nothing",
  severity: "high",
  why: "Argo CD makes this project by itself, and it allows everything to everywhere.",
  fix: "Name a project of the platform; deliver an AppProject default with empty sourceRepos and destinations.",
  link: "https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project",
  *check(object) {
    for (const { path, spec } of applications(object)) {
      const project = text(spec.project);
      if (project === "" || project === "default") {
        yield {
          control: "use",
          path: `${path}.project`,
          problem: project === "" ? "is not set, and means default" : "is default",
        };
      }
    }
    if (object.kind === "AppProject" && object.metadata?.name === "default" && !isStripped(object)) {
      yield { control: "open", path: "spec", problem: "the default project still allows something" };
    }
  },
};
