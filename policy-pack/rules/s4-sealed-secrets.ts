import { at, fields, isOn, text } from "../fields";
import type { KubernetesObject, Rule } from "../rule";
import { images, parseImage } from "../image-reference";

const scopes = ["sealedsecrets.bitnami.com/cluster-wide", "sealedsecrets.bitnami.com/namespace-wide"];
const keyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";

function isController(object: KubernetesObject): boolean {
  return [...images(object)].some(({ reference }) =>
    /(^|\/)sealed-secrets-controller$/.test(parseImage(reference).repository),
  );
}

export const sealedSecrets: Rule = {
  id: "S4",
  title: "SealedSecrets open in one place only, and their key is kept",
  severity: "high",
  why: "With a wider scope whoever may create a SealedSecret elsewhere reads the value (CVE-2026-22728); without the key nobody ever reads it again.",
  fix: "Seal with the strict scope, and give the controller the stack's key (secrets.sealingKey).",
  link: "https://github.com/bitnami/sealed-secrets#scopes",
  *check(object) {
    if (object.kind !== "SealedSecret") return;
    for (const [path, metadata] of [
      ["metadata", object.metadata],
      ["spec.template.metadata", at(object, "spec", "template", "metadata")],
    ] as const) {
      for (const scope of scopes) {
        if (isOn(fields(at(metadata, "annotations"))[scope])) {
          yield {
            control: "scope",
            path: `${path}.annotations["${scope}"]`,
            problem: "lets the value be opened under another name",
          };
        }
      }
    }
  },
  *checkAll(objects) {
    const keyNamespaces = new Set(
      objects
        .filter(
          (object) =>
            object.kind === "Secret" && text(fields(object.metadata?.labels)[keyLabel]) === "active",
        )
        .map((key) => key.metadata?.namespace),
    );
    for (const object of objects.filter(isController)) {
      if (keyNamespaces.has(object.metadata?.namespace)) continue;
      yield {
        object,
        control: "key",
        path: "",
        problem: "makes a key of its own, which is lost with the cluster",
      };
    }
  },
};
