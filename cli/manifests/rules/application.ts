import { at, elements, fields, list, text, texts } from "../../../policy-pack/fields";
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
  if (object.kind === "Application") return specProblems(object.spec);
  if (object.kind !== "ApplicationSet") return [];
  return [...specProblems(at(object, "spec", "template", "spec")), ...sharedPathProblems(object)];
}
