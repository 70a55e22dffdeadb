import { at, elements, type Fields, fields, isOn, isSet, list, text } from "../../../policy-pack/fields";
import { containers, podTemplates } from "../../../policy-pack/workloads";
import type { Finding } from "../finding";
import { groupOf, type KubernetesObject, type LocatedObject, nameOf, titleOf } from "../object";
import { producedSecret } from "./one-producer";

interface Reference {
  readonly kind: string;
  readonly name: string;
  /** The key inside a ConfigMap or Secret; empty where the whole object is meant. */
  readonly key: string;
}

function referenceTo(kind: string, target: unknown, nameField = "name"): Reference[] {
  const name = text(at(target, nameField));
  return name && !isOn(at(target, "optional")) ? [{ kind, name, key: text(at(target, "key")) }] : [];
}

function containerReferences(container: Fields): Reference[] {
  const values = list(container.env).map((variable) => at(variable, "valueFrom"));
  return [
    ...values.flatMap((from) => referenceTo("ConfigMap", at(from, "configMapKeyRef"))),
    ...values.flatMap((from) => referenceTo("Secret", at(from, "secretKeyRef"))),
    ...list(container.envFrom).flatMap((from) => referenceTo("ConfigMap", at(from, "configMapRef"))),
    ...list(container.envFrom).flatMap((from) => referenceTo("Secret", at(from, "secretRef"))),
  ];
}

function podReferences(object: KubernetesObject): Reference[] {
  return podTemplates(object).flatMap((pod) => {
    const account = text(pod.spec.serviceAccountName);
    return [
      ...(account && account !== "default" ? [{ kind: "ServiceAccount", name: account, key: "" }] : []),
      ...list(pod.spec.volumes).flatMap((volume) => referenceTo("ConfigMap", at(volume, "configMap"))),
      ...list(pod.spec.volumes).flatMap((volume) =>
        referenceTo("Secret", at(volume, "secret"), "secretName"),
      ),
      ...containers(pod).flatMap((container) => containerReferences(container.fields)),
    ];
  });
}

/** AnalysisTemplates that a Rollout uses; those of the cluster are not part of any overlay. */
function analysisReferences(rollout: KubernetesObject): Reference[] {
  const canary = fields(at(rollout, "spec", "strategy", "canary"));
  const analyses = [canary.analysis, ...list(canary.steps).map((step) => at(step, "analysis"))];
  return analyses
    .flatMap((analysis) => list(at(analysis, "templates")))
    .filter((template) => !isOn(at(template, "clusterScope")))
    .flatMap((template) => referenceTo("AnalysisTemplate", template, "templateName"));
}

function referencesOf(object: KubernetesObject): Reference[] {
  const pods = podReferences(object);
  if (object.kind === "Rollout") return [...pods, ...analysisReferences(object)];
  if (object.kind !== "HorizontalPodAutoscaler") return pods;
  const target = at(object, "spec", "scaleTargetRef");
  return referenceTo(text(at(target, "kind")), target);
}

/** Keys that an object will hold, or undefined where git cannot know them. */
function keysOf(object: KubernetesObject): string[] | undefined {
  switch (object.kind) {
    case "ConfigMap":
      return Object.keys({ ...fields(object.data), ...fields(object.binaryData) });
    case "Secret":
      return Object.keys({ ...fields(object.data), ...fields(object.stringData) });
    case "SealedSecret":
      return Object.keys(fields(at(object, "spec", "encryptedData")));
    case "ExternalSecret":
      if (isSet(at(object, "spec", "dataFrom"))) return undefined;
      return elements(at(object, "spec", "data"), "").map((entry) => text(entry.fields.secretKey));
    default:
      return undefined;
  }
}

/** What brings objects about, by kind and name; several things may claim the same one. */
type Providers = ReadonlyMap<string, readonly KubernetesObject[]>;

/** Whether two objects may end up in one namespace; one that states none gets it from whoever takes it in. */
function together(one: KubernetesObject, other: KubernetesObject): boolean {
  const namespaces = [one, other].map(({ metadata }) => metadata?.namespace);
  return namespaces.includes(undefined) || namespaces[0] === namespaces[1];
}

function wrongReference(
  { kind, name, key }: Reference,
  object: KubernetesObject,
  providers: Providers,
  complete: boolean,
): string | undefined {
  const found = (providers.get(`${kind}/${name}`) ?? []).filter((provider) => together(provider, object));
  if (found.length === 0 && !complete) return undefined;
  if (found.length === 0)
    return `uses ${kind} ${name}, which nothing here delivers; add it or correct the name`;
  const known = found.map(keysOf);
  if (key === "" || known.some((keys) => keys === undefined || keys.includes(key))) return undefined;
  return `uses the key ${key} of ${kind} ${name}, which has ${known.flat().join(", ") || "none"}; correct the key`;
}

function providersAmong(objects: readonly LocatedObject[]): Providers {
  const providers = new Map<string, KubernetesObject[]>();
  const add = (kind: string, name: string, object: KubernetesObject) => {
    const key = `${kind}/${name}`;
    const known = providers.get(key);
    if (known) known.push(object);
    else providers.set(key, [object]);
  };
  for (const { object } of objects) {
    const secret = producedSecret(object);
    if (secret !== undefined) add("Secret", secret, object);
    if (groupOf(object) !== "external-secrets.io" && object.kind !== "Secret")
      add(object.kind, nameOf(object), object);
  }
  return providers;
}

/**
 * Names that lead nowhere: the API server accepts them, and the pods then never start.
 *
 * @param complete whether the objects are everything that is delivered into their namespace; otherwise a name that
 * leads out of them may be right, and only wrong keys are found.
 */
export function references(objects: readonly LocatedObject[], complete: boolean): Finding[] {
  const providers = providersAmong(objects);
  return objects.flatMap(({ object, file, line }) => {
    const messages = referencesOf(object).flatMap(
      (reference) => wrongReference(reference, object, providers, complete) ?? [],
    );
    return [...new Set(messages)].map((message) => ({
      file,
      object: titleOf(object),
      rule: "references",
      level: "mandatory" as const,
      message,
      ...(line && { line }),
    }));
  });
}
