import { containerSecurityContext, isWindows } from "../pod-security/control";
import type { Rule } from "../rule";
import { containers, podTemplates } from "../workloads";

export const readOnlyRootFilesystem: Rule = {
  id: "W3",
  title: "Containers cannot write to their image's file system",
  severity: "medium",
  why: "Whoever breaks into a container with a writable root can replace its programs.",
  fix: "Set readOnlyRootFilesystem: true, and mount an emptyDir where the program must write.",
  link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  *check(object) {
    for (const pod of podTemplates(object)) {
      // Windows has no such mode.
      if (isWindows(pod)) continue;
      for (const container of containers(pod)) {
        const context = containerSecurityContext(container);
        if (context.fields.readOnlyRootFilesystem !== true) {
          yield { path: `${context.path}.readOnlyRootFilesystem`, problem: "is not true" };
        }
      }
    }
  },
};
