import { at, fields, isSet, text } from "../fields";
import type { KubernetesObject, Rule } from "../rule";
import { SelectorIndex } from "../selector";

const scalableKinds = new Set(["Deployment", "StatefulSet", "Rollout"]);

function namespaceOf(object: KubernetesObject): string {
  return object.metadata?.namespace ?? "";
}

function isTargetedBy(scaler: KubernetesObject, object: KubernetesObject): boolean {
  return (
    namespaceOf(scaler) === namespaceOf(object) &&
    at(scaler, "spec", "scaleTargetRef", "kind") === object.kind &&
    at(scaler, "spec", "scaleTargetRef", "name") === object.metadata?.name
  );
}

/** How many pods must stay of so many, as a budget says it; a share is rounded up. */
function mustStay(minAvailable: string, replicas: number): number {
  const amount = Number.parseInt(minAvailable, 10);
  return minAvailable.endsWith("%") ? Math.ceil((amount * replicas) / 100) : amount;
}

/** Whether a budget lets no pod be evicted, so that no node can ever be drained. */
function forbidsEviction(budget: KubernetesObject): boolean {
  const { maxUnavailable, minAvailable } = fields(budget.spec);
  return /^(-\d+|0+)%?$/.test(text(maxUnavailable)) || text(minAvailable) === "100%";
}

export const availability: Rule = {
  id: "W8",
  title: "Services survive the loss of a node",
  severity: "medium",
  why: "One replica is no service while its node is drained; a budget keeps the last ones; two owners of the replica count fight.",
  fix: "Run two replicas with a PodDisruptionBudget, and leave the count to the autoscaler where there is one.",
  link: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
  *check(object) {
    if (object.kind === "PodDisruptionBudget" && forbidsEviction(object)) {
      yield {
        control: "eviction",
        path: "spec",
        problem: "lets no pod be evicted, so that no node can be drained",
      };
    }
    if (object.kind === "HorizontalPodAutoscaler" && Number(at(object, "spec", "minReplicas") ?? 1) === 1) {
      yield { control: "minimum", path: "spec.minReplicas", problem: "allows 1 replica" };
    }
  },
  *checkAll(objects) {
    const ofKind = (kind: string): KubernetesObject[] => objects.filter((object) => object.kind === kind);
    const scalers = ofKind("HorizontalPodAutoscaler");
    const budgets = new SelectorIndex<KubernetesObject>();
    for (const budget of ofKind("PodDisruptionBudget")) {
      budgets.add(namespaceOf(budget), at(budget, "spec", "selector"), budget);
    }
    for (const object of objects) {
      if (!scalableKinds.has(object.kind ?? "")) continue;
      const replicas = at(object, "spec", "replicas");
      const scaler = scalers.find((candidate) => isTargetedBy(candidate, object));
      if (scaler && isSet(replicas)) {
        yield {
          object,
          control: "autoscaler",
          path: "spec.replicas",
          problem: "is also set by a HorizontalPodAutoscaler",
        };
      }
      const least = scaler ? (at(scaler, "spec", "minReplicas") ?? 1) : (replicas ?? 1);
      // A workload that somebody switched off is not a service.
      if (Number(least) === 0) continue;
      if (!scaler && Number(least) < 2)
        yield {
          object,
          control: "replicas",
          path: "spec.replicas",
          problem: `allows ${text(least)} replica`,
        };
      const labels = at(object, "spec", "template", "metadata", "labels");
      const own = budgets.taking(namespaceOf(object), labels);
      for (const budget of own) {
        const minAvailable = text(at(budget, "spec", "minAvailable"));
        if (!(mustStay(minAvailable, Number(least)) >= Number(least))) continue;
        yield {
          object: budget,
          control: "eviction",
          path: "spec.minAvailable",
          problem: `is all of the ${text(least)} replicas of ${text(object.metadata?.name)}, so that no node can be drained`,
        };
      }
      if (own.length === 0) {
        yield {
          object,
          control: "budget",
          path: "spec.template.metadata.labels",
          problem: "no PodDisruptionBudget selects these pods",
        };
      }
    }
  },
};
