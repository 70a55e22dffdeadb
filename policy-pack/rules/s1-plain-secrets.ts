import { chartValues } from "../argo-cd-settings";
import { credentialIn, looksRandom, looksSensitive } from "../credentials";
import { elements, fields, text } from "../fields";
import { secretKeys } from "../redact";
import type { Finding, KubernetesObject, Rule } from "../rule";
import { containers, podTemplates } from "../workloads";

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
        for (const [index, value] of [...asTexts(container.fields[field])].entries()) {
          const [, name = "", assigned = value] = /^--?([\w.-]+)=([\s\S]*)$/.exec(value) ?? [];
          yield { name, value: assigned, path: `${container.path}.${field}[${index}]` };
        }
      }
    }
  }
}

function* asTexts(value: unknown): Iterable<string> {
  if (Array.isArray(value)) for (const item of value) yield text(item);
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

function* annotationTexts(object: KubernetesObject): Iterable<NamedText> {
  for (const [key, value] of Object.entries(fields(object.metadata?.annotations))) {
    yield { name: "", value: text(value), path: `metadata.annotations["${key}"]` };
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
    const texts = [
      ...environmentVariables(object),
      ...configMapEntries(object),
      ...annotationTexts(object),
      ...[...chartValues(object)].flatMap(({ values, path }) => [...leaves(values, path)]),
    ];
    const seen = new Set<string>();
    for (const found of texts.map(judge)) {
      if (!found || seen.has(found.path)) continue;
      seen.add(found.path);
      yield found;
    }
  },
};
