import { at, elements, fields, text } from "../../../policy-pack/fields";
import type { KubernetesObject } from "../object";

/** The port that every metrics Service of the chart argo-cd has. */
const port = "http-metrics";

/** A monitor with another port name finds no target, and nothing says so. */
export function monitorProblems(object: KubernetesObject): string[] {
  if (object.kind !== "ServiceMonitor") return [];
  const labels = Object.values(fields(at(object, "spec", "selector", "matchLabels"))).map(text);
  if (!labels.some((label) => label === "argocd" || label.startsWith("argocd-"))) return [];
  return elements(at(object, "spec", "endpoints"), "")
    .filter(({ fields: endpoint }) => endpoint.port !== port)
    .map(
      ({ fields: endpoint }) =>
        `scrapes the port ${text(endpoint.port)}, which no Service of Argo CD has; use ${port}`,
    );
}
