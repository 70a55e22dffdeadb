import { at, fields, isSet } from "../../../policy-pack/fields";
import { type KubernetesObject, titleOf } from "../object";
import type { Delivered } from "./delivered";

function selectorOf(object: KubernetesObject): string {
  return JSON.stringify(fields(at(object, "spec", "selector", "matchLabels")));
}

function selectsTheSame(rollout: KubernetesObject, deployment: KubernetesObject): boolean {
  if (deployment.metadata?.namespace !== rollout.metadata?.namespace) return false;
  return (
    deployment.metadata?.name === rollout.metadata?.name || selectorOf(deployment) === selectorOf(rollout)
  );
}

/** https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
export function rolloutProblems(object: KubernetesObject, { deployments }: Delivered): string[] {
  if (object.kind !== "Rollout" || isSet(at(object, "spec", "workloadRef"))) return [];
  const twins = deployments.filter((deployment) => selectsTheSame(object, deployment));
  return [
    ...(isSet(at(object, "spec", "selector"))
      ? []
      : ["has neither selector nor workloadRef, so the controller refuses it; set spec.selector"]),
    ...twins.map((twin) => `runs the same pods as ${titleOf(twin)}; keep one of the two`),
  ];
}
