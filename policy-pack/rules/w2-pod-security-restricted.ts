import { restricted } from "../pod-security/restricted";
import type { Rule } from "../rule";
import { podTemplates } from "../workloads";

export const podSecurityRestricted: Rule = {
  id: "W2",
  title: "Pods keep to the restricted Pod Security Standard",
  severity: "high",
  why: "A process that starts as root, or may become root, turns a bug in the service into control of the node.",
  fix: "Set what the restricted profile demands, for the pod or for each container.",
  link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
  *check(object) {
    for (const pod of podTemplates(object)) {
      for (const control of restricted) {
        for (const finding of control.check(pod)) yield { ...finding, control: control.id };
      }
    }
  },
};
