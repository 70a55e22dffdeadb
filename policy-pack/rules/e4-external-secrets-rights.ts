import { chartValues } from "../argo-cd-settings";
import { at, text } from "../fields";
import { allowsAny, reaches, roleRules } from "../role-rules";
import type { Rule } from "../rule";

/** Kinds that the platform does not use; each is a way for one namespace to reach another. */
const unusedKinds = ["clusterexternalsecrets", "clusterpushsecrets", "clustergenerators", "pushsecrets"];

export const externalSecretsRights: Rule = {
  id: "E4",
  title: "External Secrets may do what its stores need and no more",
  severity: "high",
  why: "A controller that makes tokens for any service account is any service account (CVE-2024-45041).",
  fix: "Set rbac.serviceAccountTokenCreate: false with a Role per store, and switch unused kinds off.",
  link: "https://external-secrets.io/latest/guides/security-best-practices/",
  *check(object) {
    if (object.kind === "ClusterRole" && /external-secrets/.test(text(object.metadata?.name))) {
      for (const rule of roleRules(object)) {
        if (
          reaches(rule, "", "serviceaccounts/token") &&
          allowsAny(rule, ["create"]) &&
          rule.resourceNames.length === 0
        ) {
          yield { control: "tokens", path: rule.path, problem: "makes a token for every service account" };
        }
      }
    }
    if (object.kind === "CustomResourceDefinition") {
      const [plural = "", ...group] = text(object.metadata?.name).split(".");
      if (group.join(".").endsWith("external-secrets.io") && unusedKinds.includes(plural)) {
        yield {
          control: "kinds",
          path: "metadata.name",
          problem: `offers ${plural}, which the platform does not use`,
        };
      }
    }
    for (const { chart, path, values } of chartValues(object)) {
      if (chart === "external-secrets" && at(values, "rbac", "serviceAccountTokenCreate") !== false) {
        yield { control: "tokens", path: `${path}.rbac.serviceAccountTokenCreate`, problem: "is not false" };
      }
    }
  },
};
