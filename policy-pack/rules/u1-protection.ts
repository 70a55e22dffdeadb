import { at, fields, text } from "../fields";
import { chartValues } from "../argo-cd-settings";
import type { KubernetesObject, Rule } from "../rule";

const protectedKinds = new Set([
  "Namespace",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "SecretStore",
  "ClusterSecretStore",
  "AppProject",
  "ApplicationSet",
]);

function isSealingKey(object: KubernetesObject): boolean {
  return (
    object.kind === "Secret" &&
    fields(object.metadata?.labels)["sealedsecrets.bitnami.com/sealed-secrets-key"] !== undefined
  );
}

export const protection: Rule = {
  id: "U1",
  title: "What everything else hangs on cannot be deleted by mistake",
  severity: "high",
  why: "Deleting a definition deletes every object of its kind, a namespace all it holds, a sealing key all that was sealed.",
  fix: "Set protect: true, or for what a chart renders its option that keeps it (helm.sh/resource-policy: keep).",
  link: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  *check(object, { environment, pulumi }) {
    // What git delivers, Argo CD prunes; see A11.
    if (environment === "dev" || !pulumi) return;
    if (protectedKinds.has(object.kind ?? "") || isSealingKey(object)) {
      const keeps = fields(object.metadata?.annotations)["helm.sh/resource-policy"] === "keep";
      if (!pulumi.protect && !keeps) yield { path: "", problem: "is neither protected nor kept" };
    }
    for (const { chart, path, values } of chartValues(object)) {
      if (chart !== "cert-manager" || text(object.kind).endsWith(":Chart")) continue;
      const installs = at(values, "crds", "enabled") === true || at(values, "installCRDs") === true;
      if (installs && at(values, "crds", "keep") !== true) {
        yield {
          path: `${path}.crds.keep`,
          problem: "is not true, so that every Certificate goes with the release",
        };
      }
    }
  },
};
