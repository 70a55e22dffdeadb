import { chartValues } from "../argo-cd-settings";
import { credentialIn, looksRandom, looksSensitive } from "../credentials";
import { applications, sources } from "../applications";
import { at, elements, fields, text, texts } from "../fields";
import { secretKeys } from "../redact";
import type { Finding, KubernetesObject, Rule } from "../rule";
import { containers, podPath, podTemplates } from "../workloads";

/** A text somewhere in an object, under the name that its author gave it. */
interface NamedText {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

function* environmentVariables(object: KubernetesObject): Iterable<NamedText> {
  for (const pod of podTemplates(object)) {
    for (const container of containers(pod)) {
      for (const variable of elements(container.fields.env, `${container.path}.env`)) {
        yield {
          name: text(variable.fields.name),
          value: text(variable.fields.value),
          path: `${variable.path}.value`,
        };
      }
      for (const field of ["command", "args"]) {
        yield* options(texts(container.fields[field]), `${container.path}.${field}`);
      }
    }
  }
}

/** The words of a command line, under the name of their option: `--name=value` or `--name value`. */
function* options(words: readonly string[], path: string): Iterable<NamedText> {
  for (const [index, word] of words.entries()) {
    const [, name = "", value] = /^--?([\w.-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const [, before = ""] = /^--?([\w.-]+)$/.exec(words[index - 1] ?? "") ?? [];
    yield { name: name || before, value: value ?? (name ? "" : word), path: `${path}[${index}]` };
  }
}

function* leaves(value: unknown, path: string, name = ""): Iterable<NamedText> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leaves(item, `${path}[${index}]`, name);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, `${path}.${key}`, key);
  } else {
    yield { name, value: text(value), path };
  }
}

function* configMapEntries(object: KubernetesObject): Iterable<NamedText> {
  if (object.kind !== "ConfigMap") return;
  for (const [key, value] of Object.entries(fields(object.binaryData))) {
    const decoded = Buffer.from(text(value), "base64").toString("latin1");
    yield { name: key, value: decoded, path: `binaryData["${key}"]` };
  }
  for (const [key, value] of Object.entries(fields(object.data))) {
    yield { name: key, value: text(value), path: `data["${key}"]` };
    // A file of `NAME=value` or `name: value` lines holds further names.
    for (const [, name, assigned] of text(value).matchAll(
      /^[ \t]*(?:export )?"?([\w.-]+)"?[ \t]*[:=][ \t]*"?([^\s"]+)"?[ \t,]*$/gm,
    )) {
      yield { name: name!, value: assigned!, path: `data["${key}"]` };
    }
  }
}

/** Literals beside what ExternalSecrets and SealedSecrets fill in later. */
function* templateEntries(object: KubernetesObject): Iterable<NamedText> {
  for (const path of [
    ["spec", "target", "template", "data"],
    ["spec", "template", "data"],
    ["spec", "template", "stringData"],
  ]) {
    for (const [key, value] of Object.entries(fields(at(object, ...path)))) {
      yield { name: key, value: text(value), path: `${path.join(".")}["${key}"]` };
    }
  }
}

/** What an Application hands to the program that renders it. */
function* parameters(object: KubernetesObject): Iterable<NamedText> {
  for (const source of applications(object).flatMap(sources)) {
    for (const list of ["helm.parameters", "plugin.env"]) {
      for (const { path, fields: parameter } of elements(
        at(source.fields, ...list.split(".")),
        `${source.path}.${list}`,
      )) {
        yield { name: text(parameter.name), value: text(parameter.value), path: `${path}.value` };
      }
    }
  }
}

function* annotationTexts(object: KubernetesObject): Iterable<NamedText> {
  const own = { path: "metadata", metadata: fields(object.metadata) };
  const ofPods = podTemplates(object).map((pod) => ({
    path: podPath(pod, "metadata"),
    metadata: pod.metadata,
  }));
  for (const { path, metadata } of [own, ...ofPods]) {
    for (const [key, value] of Object.entries(fields(metadata.annotations))) {
      yield { name: "", value: text(value), path: `${path}.annotations["${key}"]` };
    }
  }
}

function judge({ name, value, path }: NamedText): Finding | undefined {
  const credential = credentialIn(value);
  if (credential !== undefined) return { control: "credential", path, problem: `contains ${credential}` };
  if (looksSensitive(name, value))
    return { control: "sensitive-name", path, problem: `is a literal under the name ${name}` };
  if (looksRandom(value)) return { control: "random", path, problem: "is as random as a key" };
  return undefined;
}

export const plainSecrets: Rule = {
  id: "S1",
  title: "Nothing secret is written down in plain text",
  severity: "critical",
  why: "What stands in git or in a ConfigMap is read by everybody who may read those, for ever.",
  fix: "Put the value into Vault and refer to it by an ExternalSecret, or seal it.",
  link: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  *check(object, { pulumi }) {
    // The platform's own Secrets come from encrypted configuration; in git there is no such thing.
    if (object.kind === "Secret" && !pulumi && secretKeys(object).length > 0) {
      yield {
        control: "secret-in-git",
        path: "data",
        problem: "holds its values in plain text (base64 hides nothing)",
      };
    }
    if (object.kind === "CustomResourceDefinition") return;
    const named = [
      ...environmentVariables(object),
      ...configMapEntries(object),
      ...templateEntries(object),
      ...parameters(object),
      ...annotationTexts(object),
      ...[...chartValues(object)].flatMap(({ values, path }) => [...leaves(values, path)]),
    ];
    // Of several reasons for one place the first is the surest.
    const found = named.map(judge).filter((finding) => finding !== undefined);
    yield* new Map(found.reverse().map((finding) => [finding.path, finding])).values();
  },
};
