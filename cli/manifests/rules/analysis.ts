import { at, elements, isSet, text } from "../../../policy-pack/fields";
import type { KubernetesObject } from "../object";

function metricProblems(metric: unknown, name: string): string[] {
  const prometheus = at(metric, "provider", "prometheus");
  if (!isSet(prometheus)) return [];
  const address = text(at(prometheus, "address"));
  const host = URL.canParse(address) ? new URL(address).hostname : "";
  const missing = ["successCondition", "failureCondition"].filter(
    (condition) => text(at(metric, condition)) === "",
  );
  return [
    ...missing.map(
      (condition) =>
        `metric ${name} has no ${condition}: with one condition alone, NaN counts as its opposite; state both`,
    ),
    ...(/\blen\(result\)/.test(text(at(metric, "successCondition")))
      ? []
      : [
          `metric ${name} does not ask how many results there are: an empty one is an error; begin with len(result) == 1 &&`,
        ]),
    ...(/pod_template_hash/.test(text(at(prometheus, "query")))
      ? []
      : [
          `metric ${name} also counts the stable pods, which hide a bad canary; select rollouts_pod_template_hash`,
        ]),
    ...(/status=~?"2/.test(text(at(prometheus, "query")))
      ? [
          `metric ${name} counts only 2xx as success, so a redirect or a client's mistake aborts a good canary; count what is not 5xx`,
        ]
      : []),
    ...(host !== "" && !host.includes(".")
      ? [
          `metric ${name} asks ${address}, a name that is valid in one namespace only; leave the address to the controller`,
        ]
      : []),
  ];
}

/**
 * An analysis decides about users: no answer, no number and no traffic must not count as success.
 * https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
 */
export function analysisProblems(object: KubernetesObject): string[] {
  if (object.kind !== "AnalysisTemplate" && object.kind !== "ClusterAnalysisTemplate") return [];
  return elements(at(object, "spec", "metrics"), "").flatMap(({ fields }) =>
    metricProblems(fields, text(fields.name)),
  );
}
