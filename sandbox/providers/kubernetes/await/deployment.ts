import { annotationOf, namespaceOf, valueAt } from "../objects/object";
import type { KubernetesObject } from "../objects/object";
import { podErrors } from "./pod";
import { conditionOf, isObserved, number, ready, waiting } from "./readiness";
import type { Awaiter, Surroundings } from "./readiness";

const revision = "deployment.kubernetes.io/revision";
const replicaSets = { group: "apps", version: "v1", kind: "ReplicaSet" };

/** Ready: the new ReplicaSet exists, has its replicas, and the controller calls the Deployment available. */
export const readyDeployment: Awaiter = async (live, around) => {
  if (!isObserved(live)) return waiting("Waiting for the Deployment controller");
  const generation = annotationOf(live, revision);
  const problems = ["Progressing", "Available"]
    .map((type) => conditionOf(live, type))
    .filter((condition) => condition?.status === "False")
    .map((condition) => `[${condition?.reason}] ${condition?.message}`);

  const available = conditionOf(live, "Available")?.status === "True";
  const progressing = conditionOf(live, "Progressing");
  const rolledOut = progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
  const replicaSet = await currentReplicaSet(live, generation, around);
  const wanted = number(valueAt(replicaSet, "spec", "replicas"), 1);
  const has = number(valueAt(replicaSet, "status", "readyReplicas"));

  const complete = replicaSet !== undefined && has >= wanted;
  if (available && complete && (generation === "1" || rolledOut)) return ready;
  const progress = `Waiting for app ReplicaSet to be available (${has}/${wanted} Pods available)`;
  return waiting(...problems, progress, ...(replicaSet ? await podErrors(replicaSet, around) : []));
};

async function currentReplicaSet(
  deployment: KubernetesObject,
  generation: string,
  around: Surroundings,
): Promise<KubernetesObject | undefined> {
  const uid = valueAt(deployment, "metadata", "uid");
  const all = await around.list(replicaSets, namespaceOf(deployment));
  return all.find(
    (candidate) =>
      annotationOf(candidate, revision) === generation &&
      valueAt(candidate, "metadata", "ownerReferences", 0, "uid") === uid,
  );
}
