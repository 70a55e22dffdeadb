import { environments } from "../../../config/environment";
import { serviceNamespace } from "../../../config/derive";
import { at, elements, text } from "../../../policy-pack/fields";
import { fitsGlob } from "../../../policy-pack/glob";
import { isServiceNamespace } from "../../../policy-pack/platform";
import type { Finding } from "../finding";
import { generatedApplications, isOpen } from "../generated-applications";
import { groupOf, type KubernetesObject, type LocatedObject, nameOf, titleOf } from "../object";

function reaches(project: KubernetesObject, field: string, value: string): boolean {
  return elements(at(project, "spec", "destinations"), "").some(({ fields: destination }) =>
    fitsGlob(text(destination[field]), value),
  );
}

/** One project for several environments gives whoever may sync dev the right to sync production. */
function severalEnvironments(project: KubernetesObject): string[] {
  const reached = environments.filter((name) => reaches(project, "namespace", serviceNamespace(name)));
  return reached.length < 2
    ? []
    : [
        `reaches ${reached.join(", ")}, and so does whoever has a role in it; make a project for each environment`,
      ];
}

function permits(project: KubernetesObject, { kind, ...object }: KubernetesObject): boolean {
  const group = groupOf({ kind, ...object });
  return elements(at(project, "spec", "namespaceResourceWhitelist"), "").some(
    ({ fields: allowed }) => fitsGlob(text(allowed.group), group) && fitsGlob(text(allowed.kind), kind),
  );
}

/** Kinds that are delivered into the project's namespaces although it does not permit them. */
function missingKinds(project: KubernetesObject, objects: readonly LocatedObject[]): string[] {
  const refused = objects
    .map(({ object }) => object)
    .filter((object) => {
      const namespace = object.metadata?.namespace ?? "";
      return (
        isServiceNamespace(namespace) && reaches(project, "namespace", namespace) && !permits(project, object)
      );
    });
  const kinds = [...new Set(refused.map((object) => `${groupOf(object)}/${object.kind}`))].sort();
  return kinds.length === 0
    ? []
    : [
        `does not permit ${kinds.join(", ")}, which stand in its namespaces; list them in namespaceResourceWhitelist`,
      ];
}

/** Clusters that a list of an ApplicationSet names and the project does not. */
function unreachable(
  project: KubernetesObject,
  objects: readonly LocatedObject[],
): [LocatedObject, string][] {
  return objects.flatMap((located) =>
    generatedApplications(located.object)
      .filter(({ generated, spec }) => generated && text(spec.project) === nameOf(project))
      .map(({ spec }) => text(at(spec, "destination", "server")))
      .filter((server) => server !== "" && !isOpen(server) && !reaches(project, "server", server))
      .map((server): [LocatedObject, string] => [
        located,
        `delivers to ${server}, which the project ${nameOf(project)} does not reach; list it in the project's destinations`,
      ]),
  );
}

/** What an AppProject and the objects around it say about each other. */
export function projects(objects: readonly LocatedObject[]): Finding[] {
  const finding = (
    { object, file, line }: LocatedObject,
    level: Finding["level"],
    message: string,
  ): Finding => {
    return { file, object: titleOf(object), rule: "project", level, message, ...(line && { line }) };
  };
  return objects
    .filter(({ object }) => object.kind === "AppProject")
    .flatMap((project) => [
      ...severalEnvironments(project.object).map((message) => finding(project, "mandatory", message)),
      // What else is delivered there may belong to another project, which is not among these objects.
      ...missingKinds(project.object, objects).map((message) => finding(project, "advisory", message)),
      ...unreachable(project.object, objects).map(([located, message]) =>
        finding(located, "mandatory", message),
      ),
    ]);
}
