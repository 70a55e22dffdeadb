import { applications, sources } from "../applications";
import type { Environment } from "../../config/environment";
import { at, elements, fields, isSet, text } from "../fields";
import type { Finding, Rule } from "../rule";

/** The environment that an overlay path names. */
const overlay = /(?:^|\/)overlays\/([^/]+)(?:\/|$)/;

function* serviceNamespaces(path: string, namespace: unknown, own: Environment): Iterable<Finding> {
  const suffix = /^platform-(.+)$/.exec(text(namespace))?.[1];
  if (suffix === undefined || suffix === own) return;
  yield { path, problem: `platform-${suffix} is not the namespace of ${own}` };
}

function* overlays(path: string, value: unknown, own: Environment): Iterable<Finding> {
  const named = overlay.exec(text(value))?.[1];
  if (named !== undefined && named !== own && !named.includes("{{")) {
    yield { path, problem: `${named} is not the overlay of ${own}` };
  }
}

/** Generators of an ApplicationSet, also those inside matrix and merge. */
function* generators(value: unknown, path: string, own: Environment): Iterable<Finding> {
  for (const { path: here, fields: generator } of elements(value, path)) {
    const label = at(generator, "clusters", "selector", "matchLabels", "environment");
    if (isSet(label) && text(label) !== own) {
      yield {
        path: `${here}.clusters.selector.matchLabels.environment`,
        problem: `${text(label)} is not ${own}`,
      };
    }
    for (const directory of elements(at(generator, "git", "directories"), `${here}.git.directories`)) {
      if (directory.fields.exclude !== true)
        yield* overlays(`${directory.path}.path`, directory.fields.path, own);
    }
    for (const kind of ["matrix", "merge"]) {
      yield* generators(at(generator, kind, "generators"), `${here}.${kind}.generators`, own);
    }
  }
}

export const environmentIdentity: Rule = {
  id: "U3",
  title: "Stack, cluster, overlay and namespace speak of one environment",
  severity: "critical",
  why: "With two names for one environment, one of them some day delivers to the other's cluster.",
  fix: "Use dev, staging or production everywhere, and the one of this stack.",
  link: "https://www.pulumi.com/docs/iac/concepts/stacks/",
  *check(object, { environment }) {
    yield* serviceNamespaces("metadata.namespace", object.metadata?.namespace, environment);
    if (object.kind === "Namespace")
      yield* serviceNamespaces("metadata.name", object.metadata?.name, environment);
    const labels = fields(object.metadata?.labels);
    if (labels["argocd.argoproj.io/secret-type"] === "cluster" && text(labels.environment) !== environment) {
      const problem = `is ${text(labels.environment) || "not set"}, not ${environment}`;
      yield { path: "metadata.labels.environment", problem };
    }
    for (const application of applications(object)) {
      for (const source of sources(application))
        yield* overlays(`${source.path}.path`, source.fields.path, environment);
    }
    if (object.kind === "ApplicationSet")
      yield* generators(at(object, "spec", "generators"), "spec.generators", environment);
  },
};
