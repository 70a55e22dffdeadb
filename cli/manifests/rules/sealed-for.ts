import type { Finding } from "../finding";
import { type LocatedObject, nameOf, titleOf } from "../object";

const change = "seal it again for the place where it is delivered (docs/runbooks/sealed-secret.md)";

interface Sealed {
  template?: { metadata?: { name?: string; namespace?: string } };
}

/**
 * A SealedSecret is encrypted for one name in one namespace; anywhere else the controller cannot open it.
 *
 * @param rendered the object as it is delivered.
 * @param source the object as it is written; the same object where nothing builds it.
 */
export function sealedFor(rendered: LocatedObject, source: LocatedObject): Finding[] {
  const { object } = rendered;
  if (object.kind !== "SealedSecret") return [];
  const written = source.object.metadata ?? {};
  const template = (source.object["spec"] as Sealed | undefined)?.template?.metadata ?? {};
  const wrong = (message: string): Finding[] => [
    {
      file: source.file,
      object: titleOf(object),
      rule: "sealed-for",
      level: "mandatory",
      message: `${message}; ${change}`,
      ...(source.line && { line: source.line }),
    },
  ];
  if (!written.namespace) return wrong("does not say for which namespace it was sealed");
  const names = [nameOf(object), nameOf(source.object), template.name ?? nameOf(object)];
  const namespaces = [object.metadata?.namespace, written.namespace, template.namespace ?? written.namespace];
  if (new Set(names).size > 1)
    return wrong(`is sealed for the name ${names[1]} but used as ${names[0]} (template: ${names[2]})`);
  if (new Set(namespaces).size > 1) {
    return wrong(
      `is sealed for the namespace ${namespaces[2]} but delivered to ${namespaces[0]} (written: ${namespaces[1]})`,
    );
  }
  return [];
}
