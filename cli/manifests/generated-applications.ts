import { type Fields, at, elements, fields, isSet, list, text } from "../../policy-pack/fields";
import type { KubernetesObject } from "./object";

/** An Application that an object is or makes. */
export interface GeneratedApplication {
  readonly name: string;
  readonly spec: Fields;
  /** Whether a generator filled something in. */
  readonly generated: boolean;
}

/** Whether something is left that only a generator knows. */
export function isOpen(value: string): boolean {
  return value.includes("{{");
}

function filledIn(template: Fields, element: Fields): Fields {
  const filled = Object.entries(element).reduce(
    (written, [key, value]) =>
      // A function, since `$` in a value must stay what it is.
      written.replaceAll(new RegExp(`\\{\\{\\s*\\.?${key}\\s*\\}\\}`, "g"), () =>
        JSON.stringify(text(value)).slice(1, -1),
      ),
    JSON.stringify(template),
  );
  return JSON.parse(filled) as Fields;
}

/**
 * The Applications of an object: an Application is one, an ApplicationSet makes one for each element of its lists.
 * What other generators find is not known here: they give one Application in which the placeholders are left.
 */
export function generatedApplications(object: KubernetesObject): GeneratedApplication[] {
  if (object.kind === "Application") {
    return [{ name: text(object.metadata?.name), spec: fields(object.spec), generated: false }];
  }
  if (object.kind !== "ApplicationSet") return [];
  const template = fields(at(object, "spec", "template"));
  const known = elements(at(object, "spec", "generators"), "").flatMap(({ fields: generator }) =>
    isSet(generator.list) ? list(at(generator, "list", "elements")).map(fields) : [{}],
  );
  return (known.length > 0 ? known : [{}]).map((element) => {
    const { metadata, spec } = filledIn(template, element);
    return { name: text(at(metadata, "name")), spec: fields(spec), generated: true };
  });
}
