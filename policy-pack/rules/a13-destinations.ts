import { applications, appProjects, isTemplated, sources } from "../applications";
import { at, elements, fields, text, texts } from "../fields";
import { fitsGlob } from "../glob";
import { otherEnvironmentIn } from "../platform";
import type { Finding, Rule } from "../rule";

/** Argo CD refuses what a pattern with `!` fits, before it looks at the others. */
function isPermitted(patterns: readonly string[], value: string): boolean {
  const denied = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const allowed = patterns.filter((pattern) => !pattern.startsWith("!"));
  return (
    allowed.some((pattern) => fitsGlob(pattern, value)) && !denied.some((pattern) => fitsGlob(pattern, value))
  );
}

function* judgeSource(path: string, source: Readonly<Record<string, unknown>>): Iterable<Finding> {
  const hasPath = text(source.path) !== "";
  const hasChart = text(source.chart) !== "";
  // A source with `ref` only lends its files to others.
  if (hasPath === hasChart && text(source.ref) === "") {
    yield {
      control: "source",
      path,
      problem: hasPath ? "names both a path and a chart" : "names neither a path nor a chart",
    };
  }
}

export const destinations: Rule = {
  id: "A13",
  title: "Applications go to one place, inside their project and environment",
  severity: "critical",
  why: "Two addresses contradict each other sooner or later; an address of another environment deploys there.",
  fix: "Name the cluster by server or by name, the source by path or by chart, and stay inside the project.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications",
  *check(object, { environment }) {
    for (const application of applications(object)) {
      const { path, spec } = application;
      const destination = fields(spec.destination);
      const [server, name] = [text(destination.server), text(destination.name)];
      if ((server === "") === (name === "")) {
        const problem = server === "" ? "names no cluster" : "names the cluster twice, by server and by name";
        yield { control: "cluster", path: `${path}.destination`, problem };
      }
      for (const source of sources(application)) yield* judgeSource(source.path, source.fields);
      for (const field of ["server", "name", "namespace"]) {
        const other = otherEnvironmentIn(text(destination[field]), environment);
        if (other !== undefined)
          yield {
            control: "environment",
            path: `${path}.destination.${field}`,
            problem: `points at ${other}`,
          };
      }
    }
  },
  *checkAll(objects) {
    const projects = appProjects(objects);
    for (const object of objects) {
      for (const application of applications(object)) {
        const { path, spec } = application;
        const project = projects.get(text(spec.project));
        if (!project) continue;
        const own = fields(spec.destination);
        const fits = elements(project.destinations, "").some(({ fields: allowed }) =>
          ["server", "name", "namespace"].every((field) => {
            const value = text(own[field]);
            return value === "" || isTemplated(value) || fitsGlob(text(allowed[field]) || "*", value);
          }),
        );
        if (!fits)
          yield {
            object,
            control: "project",
            path: `${path}.destination`,
            problem: `is outside the project ${text(spec.project)}`,
          };
        for (const source of sources(application)) {
          const repository = text(source.fields.repoURL);
          if (!isTemplated(repository) && !isPermitted(texts(at(project, "sourceRepos")), repository)) {
            yield {
              object,
              control: "project",
              path: `${source.path}.repoURL`,
              problem: `is outside the project ${text(spec.project)}`,
            };
          }
        }
      }
    }
  },
};
