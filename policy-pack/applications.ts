import { at, elements, fields, isSet, text, type Fields } from "./fields";
import type { KubernetesObject } from "./rule";

/** An Application as an object describes it: itself, or the template of an ApplicationSet. */
export interface ApplicationTemplate {
  /** Path of the Application's spec within the object. */
  readonly path: string;
  readonly spec: Fields;
}

export interface ApplicationSource {
  readonly path: string;
  readonly fields: Fields;
}

function isArgoCd(object: KubernetesObject): boolean {
  return (object.apiVersion ?? "").startsWith("argoproj.io/");
}

/** The Applications that an object makes, at most one. */
export function applications(object: KubernetesObject): readonly ApplicationTemplate[] {
  if (!isArgoCd(object)) return [];
  if (object.kind === "Application") return [{ path: "spec", spec: fields(object.spec) }];
  if (object.kind === "ApplicationSet") {
    return [{ path: "spec.template.spec", spec: fields(at(object, "spec", "template", "spec")) }];
  }
  return [];
}

/** Where an Application comes from: `source`, `sources` and the dry source of a hydrator. */
export function sources({ path, spec }: ApplicationTemplate): readonly ApplicationSource[] {
  const hydrator = at(spec, "sourceHydrator", "drySource");
  return [
    ...(isSet(spec.source) ? [{ path: `${path}.source`, fields: fields(spec.source) }] : []),
    ...elements(spec.sources, `${path}.sources`),
    ...(isSet(hydrator) ? [{ path: `${path}.sourceHydrator.drySource`, fields: fields(hydrator) }] : []),
  ];
}

/** Whether a value is filled in by an ApplicationSet's generator. */
export function isTemplated(value: unknown): boolean {
  return text(value).includes("{{");
}

/** The project's AppProject specs in a set of objects, by name. */
export function appProjects(objects: readonly KubernetesObject[]): ReadonlyMap<string, Fields> {
  return new Map(
    objects
      .filter((object) => isArgoCd(object) && object.kind === "AppProject")
      .map((object) => [text(object.metadata?.name), fields(object.spec)]),
  );
}
