import { at, isSet, list } from "../../../policy-pack/fields";
import { containers, podTemplates } from "../../../policy-pack/workloads";
import type { KubernetesObject } from "../object";

function needsOthers(object: KubernetesObject): boolean {
  return podTemplates(object).some(
    (pod) =>
      isSet(pod.spec.serviceAccountName) ||
      containers(pod).some(
        ({ fields }) =>
          list(fields.envFrom).length > 0 ||
          list(fields.env).some((variable) => isSet(at(variable, "valueFrom"))),
      ),
  );
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/ */
export function hookProblems(object: KubernetesObject): string[] {
  const hook = object.metadata?.annotations?.["argocd.argoproj.io/hook"];
  if (hook === undefined || object.kind !== "Job") return [];
  const policy =
    object.metadata?.annotations?.["argocd.argoproj.io/hook-delete-policy"] ?? "BeforeHookCreation";
  const unset = ["backoffLimit", "activeDeadlineSeconds"].filter(
    (field) => !isSet(at(object, "spec", field)),
  );
  return [
    ...unset.map((field) => `is a hook without spec.${field}, so a sync can hang on it; set it`),
    ...(policy.includes("BeforeHookCreation")
      ? []
      : [
          `is not replaced after a failure (${policy}), so the next sync finds the old Job; use BeforeHookCreation`,
        ]),
    ...(hook === "PreSync" && needsOthers(object)
      ? [
          "is a PreSync hook that needs objects which the first sync only brings later; make it a Sync hook in a later wave",
        ]
      : []),
  ];
}
