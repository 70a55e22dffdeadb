import { at, text } from "../../../policy-pack/fields";
import type { Finding } from "../finding";
import { type KubernetesObject, type LocatedObject, nameOf, titleOf } from "../object";

/** Each place that must say the same name, or the same namespace, as the one it was sealed for. */
function disagreements(rendered: KubernetesObject, source: KubernetesObject): string[] {
  const template = at(source, "spec", "template", "metadata");
  const namespace = source.metadata?.namespace;
  const compare = (what: string, sealed: string | undefined, used: string) =>
    used !== "" && used !== sealed ? [`is sealed for the ${what} ${sealed} but used for ${used}`] : [];
  if (!namespace) return ["does not say for which namespace it was sealed"];
  return [
    ...compare("name", nameOf(source), nameOf(rendered)),
    ...compare("name", nameOf(source), text(at(template, "name"))),
    ...compare("namespace", namespace, rendered.metadata?.namespace ?? ""),
    ...compare("namespace", namespace, text(at(template, "namespace"))),
  ];
}

/**
 * A SealedSecret is encrypted for one name in one namespace; anywhere else the controller cannot open it.
 *
 * @param rendered the object as it is delivered.
 * @param source the object as it is written; the same object where nothing builds it.
 */
export function sealedFor(rendered: LocatedObject, source: LocatedObject): Finding[] {
  if (rendered.object.kind !== "SealedSecret") return [];
  return disagreements(rendered.object, source.object).map((message) => ({
    file: source.file,
    object: titleOf(rendered.object),
    rule: "sealed-for",
    level: "mandatory" as const,
    message: `${message}; seal it again for the place where it is delivered (docs/runbooks/sealed-secret.md)`,
    ...(source.line && { line: source.line }),
  }));
}
