import { at, text } from "../../../policy-pack/fields";
import type { KubernetesObject } from "../object";
import type { Delivered } from "./delivered";

function waveOf(object: KubernetesObject): number {
  return Number(object.metadata?.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
}

/**
 * An autoscaler without its target is Degraded, and a Degraded object ends the sync before a later wave is reached.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function waveProblems(object: KubernetesObject, { find }: Delivered): string[] {
  if (object.kind !== "HorizontalPodAutoscaler") return [];
  const reference = at(object, "spec", "scaleTargetRef");
  const target = find(text(at(reference, "kind")), object.metadata?.namespace, text(at(reference, "name")));
  if (!target || waveOf(object) >= waveOf(target)) return [];
  return [
    `comes in wave ${waveOf(object)}, before its target in wave ${waveOf(target)}, and is Degraded until then, which ends the sync; put both into one wave`,
  ];
}
