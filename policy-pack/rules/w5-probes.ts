import { at, fields, isSet } from "../fields";
import type { KubernetesObject, Rule } from "../rule";
import { containers, podTemplates, type PodTemplate } from "../workloads";

const kindsThatEnd = new Set([
  "Job",
  "CronJob",
  "AnalysisTemplate",
  "ClusterAnalysisTemplate",
  "AnalysisRun",
]);

/** Whether pods are meant to finish: nobody sends them requests, and nobody restarts them for hanging. */
function ends(object: KubernetesObject, pod: PodTemplate): boolean {
  return (
    kindsThatEnd.has(object.kind ?? "") || ["Never", "OnFailure"].includes(pod.spec.restartPolicy as string)
  );
}

const handlers = ["httpGet", "tcpSocket", "exec", "grpc"];

/** What a probe asks, without how often. */
function question(probe: unknown): string {
  return JSON.stringify(handlers.map((handler) => fields(probe)[handler] ?? null));
}

const silence = question({});

export const probes: Rule = {
  id: "W5",
  title: "Containers that serve have a readiness and a liveness probe that differ",
  severity: "low",
  why: "Without readiness, requests reach a pod that cannot answer; a liveness probe that asks the same restarts it when it is only busy.",
  fix: "Give the container a readinessProbe, and a livenessProbe that asks something else.",
  link: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  *check(object) {
    for (const pod of podTemplates(object)) {
      if (ends(object, pod)) continue;
      for (const { role, path, fields: container } of containers(pod)) {
        if (role !== "main") continue;
        for (const [control, name] of [
          ["readiness", "readinessProbe"],
          ["liveness", "livenessProbe"],
        ] as const) {
          if (!handlers.some((handler) => isSet(at(container, name, handler)))) {
            yield { control, path: `${path}.${name}`, problem: "is not set" };
          }
        }
        const asked = question(container.livenessProbe);
        if (asked !== silence && asked === question(container.readinessProbe)) {
          yield {
            control: "identical",
            path: `${path}.livenessProbe`,
            problem: "asks the same as readinessProbe",
          };
        }
      }
    }
  },
};
