import { parse } from "yaml";
import { applications, sources } from "./applications";
import { at, fields, isSet, text, type Fields } from "./fields";
import type { KubernetesObject } from "./rule";

/** Settings of Argo CD as some object states them. */
export interface ArgoCdSettings {
  /** Which of Argo CD's three ConfigMaps. */
  readonly map: "argocd-cm" | "argocd-cmd-params-cm" | "argocd-rbac-cm";
  /** Path of the settings within the object. */
  readonly path: string;
  readonly data: Fields;
}

const maps = ["argocd-cm", "argocd-cmd-params-cm", "argocd-rbac-cm"] as const;

/** Names of the maps in the values of the argo-cd chart. */
const valueKeys = { "argocd-cm": "cm", "argocd-cmd-params-cm": "params", "argocd-rbac-cm": "rbac" } as const;

function fromConfigMap(object: KubernetesObject): ArgoCdSettings[] {
  const name = text(object.metadata?.name);
  return maps
    .filter((map) => name === map || name.endsWith(`-${map}`))
    .map((map) => ({ map, path: "data", data: fields(object.data) }));
}

function fromValues(values: unknown, path: string): ArgoCdSettings[] {
  const configs = fields(fields(values).configs);
  return maps
    .filter((map) => isSet(configs[valueKeys[map]]))
    .map((map) => ({
      map,
      path: `${path}.configs.${valueKeys[map]}`,
      data: fields(configs[valueKeys[map]]),
    }));
}

/** Values of a chart wherever an object passes some: a Pulumi Release, or an Application with a chart. */
export function* chartValues(
  object: KubernetesObject,
): Iterable<{ chart: string; path: string; values: unknown }> {
  if (text(object.kind).startsWith("kubernetes:helm.sh/")) {
    const chart = text(at(object, "spec", "chart"))
      .split("/")
      .at(-1)!;
    yield { chart, path: "spec.values", values: at(object, "spec", "values") };
  }
  for (const application of applications(object)) {
    for (const source of sources(application)) {
      const chart = text(source.fields.chart);
      const helm = fields(source.fields.helm);
      if (isSet(helm.valuesObject))
        yield { chart, path: `${source.path}.helm.valuesObject`, values: helm.valuesObject };
      if (typeof helm.values === "string") {
        yield { chart, path: `${source.path}.helm.values`, values: parse(helm.values) as unknown };
      }
    }
  }
}

function readSettings(object: KubernetesObject): ArgoCdSettings[] {
  if (object.kind === "ConfigMap") return fromConfigMap(object);
  return [...chartValues(object)]
    .filter(({ chart }) => chart === "argo-cd")
    .flatMap(({ path, values }) => fromValues(values, path));
}

/** The settings of one of Argo CD's maps that an object states; none for other objects. */
export function argoCdSettings(
  object: KubernetesObject,
  map: ArgoCdSettings["map"],
): readonly ArgoCdSettings[] {
  return readSettings(object).filter((settings) => settings.map === map);
}

/** Path of one setting, whose name may contain dots. */
export function settingPath(settings: ArgoCdSettings, key: string): string {
  return `${settings.path}["${key}"]`;
}
