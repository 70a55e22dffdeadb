import { baseline } from "../pod-security/baseline";
import type { Rule } from "../rule";
import { podTemplates } from "../workloads";

export const podSecurityBaseline: Rule = {
  id: "W1",
  title: "Pods keep to the baseline Pod Security Standard",
  severity: "critical",
  why: "Each of these fields lets a container reach the node or other containers on it.",
  fix: "Remove the field, or set the value that the standard allows.",
  link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
  *check(object) {
    for (const pod of podTemplates(object)) {
      for (const control of baseline) {
        for (const finding of control.check(pod)) yield { ...finding, control: control.id };
      }
    }
  },
};
