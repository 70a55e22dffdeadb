import { applications, isTemplated, sources } from "../applications";
import { at, elements, text } from "../fields";
import { images, parseImage } from "../image-reference";
import { chartRepositories } from "../platform";
import type { Finding, KubernetesObject, Rule } from "../rule";
import { chartFloors, imageFloors, isBelow } from "../security-floors";

interface ChartReference {
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
  readonly path: string;
}

const exactVersion = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function* chartReferences(object: KubernetesObject): Iterable<ChartReference> {
  if (text(object.kind).startsWith("kubernetes:helm.sh/")) {
    const chart = text(at(object, "spec", "chart"));
    // A folder in the mirror of a closed network says its version in its Chart.yaml; the chart's own name comes last.
    if (chart.startsWith("/") || chart === "") return;
    const repository = chart.startsWith("oci://")
      ? chart.slice(0, chart.lastIndexOf("/"))
      : text(at(object, "spec", "repositoryOpts", "repo"));
    yield {
      chart: chart.split("/").at(-1)!,
      version: text(at(object, "spec", "version")),
      repository,
      path: "spec",
    };
  }
  for (const application of applications(object)) {
    for (const { path, fields: source } of sources(application)) {
      if (text(source.chart) === "") continue;
      const repository = text(source.repoURL);
      yield {
        chart: text(source.chart).split("/").at(-1)!,
        version: text(source.targetRevision),
        // Argo CD writes registries without a scheme.
        repository: repository.includes("://") ? repository : `oci://${repository}`,
        path,
      };
    }
  }
  for (const chart of elements(object.helmCharts, "helmCharts")) {
    const { name, version, repo } = chart.fields;
    yield { chart: text(name), version: text(version), repository: text(repo), path: chart.path };
  }
}

function* judge({ chart, version, repository, path }: ChartReference): Iterable<Finding> {
  if (!isTemplated(version) && !exactVersion.test(version)) {
    yield {
      control: "version",
      path,
      problem: `version of ${chart} is ${version === "" ? "not set" : `${version}, which is not exact`}`,
    };
  }
  const isListed = chartRepositories.some(
    (allowed) => repository === allowed || repository.startsWith(`${allowed}/`),
  );
  if (!isListed) {
    yield {
      control: "repository",
      path,
      problem: `repository ${repository === "" ? "is not set" : `${repository} is not listed`}`,
    };
  }
  const floor = chartFloors.get(chart);
  if (floor !== undefined && exactVersion.test(version) && isBelow(version, floor)) {
    yield {
      control: "floor",
      path,
      problem: `${chart} ${version} is older than ${floor.join(", ")}, which fixed a known vulnerability`,
    };
  }
}

export const chartVersionPins: Rule = {
  id: "C1",
  title: "Charts and controllers have an exact version, from a known place, without known holes",
  severity: "high",
  why: "A range installs something else tomorrow, and an old version what everybody knows how to break.",
  fix: "Set an exact version from components/chart-versions.ts or newer, and a listed repository.",
  link: "https://helm.sh/docs/topics/provenance/",
  *check(object) {
    for (const reference of chartReferences(object)) yield* judge(reference);
    for (const { path, reference } of images(object)) {
      const { repository, tag = "" } = parseImage(reference);
      const floor = imageFloors.find(({ name }) => repository.endsWith(`/${name}`))?.versions;
      if (floor !== undefined && exactVersion.test(tag) && isBelow(tag, floor)) {
        yield {
          control: "floor",
          path,
          problem: `${repository} ${tag} is older than ${floor.join(", ")}, which fixed a known vulnerability`,
        };
      }
    }
  },
};
