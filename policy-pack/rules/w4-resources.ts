import { at, text } from "../fields";
import type { Rule } from "../rule";
import { containers, podTemplates } from "../workloads";

function says(quantity: unknown): boolean {
  const amount = text(quantity);
  return amount !== "" && !/^0+(\.0+)?[a-zA-Z]*$/.test(amount);
}

export const resourceBounds: Rule = {
  id: "W4",
  title: "Containers say what CPU and memory they need, and how much memory at most",
  severity: "medium",
  why: "Without requests the scheduler packs nodes blindly; without a memory limit one leak evicts its neighbours.",
  fix: "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
  link: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  *check(object) {
    for (const pod of podTemplates(object)) {
      for (const container of containers(pod)) {
        // The API takes no resources for ephemeral containers.
        if (container.role === "ephemeral") continue;
        for (const [control, field] of [
          ["cpu-request", ["requests", "cpu"]],
          ["memory-request", ["requests", "memory"]],
          ["memory-limit", ["limits", "memory"]],
        ] as const) {
          const own = at(container.fields, "resources", ...field);
          // Since 1.34 a pod may state them once for all its containers.
          if (says(own) || says(at(pod.spec, "resources", ...field))) continue;
          yield { control, path: `${container.path}.resources.${field.join(".")}`, problem: "is not set" };
        }
      }
    }
  },
};
