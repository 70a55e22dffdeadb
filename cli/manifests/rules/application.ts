import { serviceNamespace } from "../../../config/derive";
import { environments, isEnvironment, nearestEnvironment } from "../../../config/environment";
import { at, elements, fields, list, text, texts } from "../../../policy-pack/fields";
import { generatedApplications } from "../generated-applications";
import type { KubernetesObject } from "../object";

/** Only these projects may write into the namespace of Argo CD. */
const platformProjects = ["bootstrap", "observability"];

function specProblems(spec: unknown): string[] {
  const project = text(at(spec, "project"));
  const toArgoCd = text(at(spec, "destination", "namespace")) === "argocd";
  const chart = text(at(spec, "source", "chart"));
  const options = texts(at(spec, "syncPolicy", "syncOptions"));
  const ignoresOnSync = options.includes("RespectIgnoreDifferences=true");
  return [
    ...(toArgoCd && !platformProjects.includes(project)
      ? [
          `writes into the namespace argocd from the project ${project}, which is as good as being administrator; use ${platformProjects.join(" or ")}`,
        ]
      : []),
    ...(chart === "argo-cd"
      ? ["installs Argo CD, which needs an Argo CD to be installed by; `pulumi up` owns it"]
      : []),
    ...(options.includes("CreateNamespace=true")
      ? [
          "creates its namespace; namespaces and their Pod Security labels belong to `pulumi up`, so remove CreateNamespace=true",
        ]
      : []),
    ...(list(at(spec, "ignoreDifferences")).length > 0 && !ignoresOnSync
      ? [
          "ignores differences but overwrites them in every sync; add RespectIgnoreDifferences=true, or leave the field out of git",
        ]
      : []),
  ];
}

/** Argo CD builds folders of the repository only. */
function pathProblems(spec: unknown): string[] {
  const paths = [at(spec, "source"), ...list(at(spec, "sources"))].map((source) => text(at(source, "path")));
  return paths
    .filter((path) => path.startsWith("/") || path.split("/").includes(".."))
    .map((path) => `delivers ${path}, which leads out of the repository; write the path from its top`);
}

/** An environment has one name: of its overlays, and behind that of its namespace. */
function environmentProblems(spec: unknown): string[] {
  const overlay = /(?:^|\/)overlays\/([\w-]+)(?:\/|$)/.exec(text(at(spec, "source", "path")))?.[1];
  if (overlay === undefined) return [];
  if (!isEnvironment(overlay)) {
    return [
      `delivers overlays/${overlay}, which is not an environment (${environments.join(", ")}); did you mean ${nearestEnvironment(overlay)}?`,
    ];
  }
  const namespace = text(at(spec, "destination", "namespace"));
  const other = environments.find((name) => name !== overlay && serviceNamespace(name) === namespace);
  return other === undefined ? [] : [`delivers the overlay of ${overlay} to the namespace of ${other}`];
}

/** Outside dev a mistaken deletion must not take with it what serves people. */
function deletionProblems(object: KubernetesObject): string[] {
  const finalizers = texts(at(object, "metadata", "finalizers"));
  const cascades = finalizers.some((name) => name.startsWith("resources-finalizer.argocd.argoproj.io"));
  const namespace = text(at(object, "spec", "destination", "namespace"));
  const serves = environments.some((name) => name !== "dev" && serviceNamespace(name) === namespace);
  return cascades && serves
    ? ["takes everything it delivers with it when this file is deleted; remove the finalizer"]
    : [];
}

/** Keys of list generators, also of those inside a matrix. */
function listedKeys(generators: unknown): string[] {
  return elements(generators, "").flatMap(({ fields: generator }) => [
    ...elements(at(generator, "list", "elements"), "").flatMap((element) => Object.keys(element.fields)),
    ...listedKeys(at(generator, "matrix", "generators")),
    ...listedKeys(at(generator, "merge", "generators")),
  ]);
}

/** What is only in the name of an Application makes several Applications out of the same objects. */
function sharedPathProblems(object: KubernetesObject): string[] {
  const template = fields(at(object, "spec", "template"));
  const name = text(at(template, "metadata", "name"));
  const delivered = JSON.stringify([
    at(template, "spec", "source", "path"),
    at(template, "spec", "destination"),
  ]);
  const uses = (where: string, key: string) => new RegExp(`\\{\\{[^}]*\\b${key}\\b[^}]*\\}\\}`).test(where);
  return [...new Set(listedKeys(at(object, "spec", "generators")))]
    .filter((key) => uses(name, key) && !uses(delivered, key))
    .map(
      (key) =>
        `makes one Application per ${key}, but all of them deliver the same path to the same place; use ${key} in the path`,
    );
}

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/ */
export function applicationProblems(object: KubernetesObject): string[] {
  const applications = generatedApplications(object);
  const problems = applications.flatMap(({ spec }) => [
    ...specProblems(spec),
    ...pathProblems(spec),
    ...environmentProblems(spec),
  ]);
  return [
    ...new Set(problems),
    ...(object.kind === "Application" ? deletionProblems(object) : []),
    ...(object.kind === "ApplicationSet" ? sharedPathProblems(object) : []),
  ];
}
