import { fields, text } from "../fields";
import type { Rule } from "../rule";

const label = "pod-security.kubernetes.io/enforce";

export const namespacePodSecurity: Rule = {
  id: "W7",
  title: "Namespaces enforce a Pod Security Standard",
  severity: "high",
  why: "These rules see what is delivered; only the label stops what somebody creates by hand.",
  fix: `Label the namespace ${label}: restricted, or baseline where restricted cannot be.`,
  link: "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
  *check(object) {
    if (object.kind !== "Namespace") return;
    const labels = fields(object.metadata?.labels);
    const level = text(labels[label]);
    if (level !== "restricted" && level !== "baseline") {
      const problem = level === "" ? "is not set" : `is ${level}, which enforces nothing`;
      yield { path: `metadata.labels["${label}"]`, problem };
    }
    const version = labels[`${label}-version`];
    if (version !== undefined && !/^(latest|v1\.\d+)$/.test(text(version))) {
      yield {
        path: `metadata.labels["${label}-version"]`,
        problem: `${text(version)} is no version, so the namespace accepts nothing or is held to none`,
        fix: "Set a version like v1.34, or latest.",
      };
    }
  },
};
