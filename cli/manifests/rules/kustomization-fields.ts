import { serviceNamespace } from "../../../config/derive";
import type { Rendered } from "../build";
import type { Finding } from "../finding";
import type { Kustomization } from "../kustomization";
import { titleOf } from "../object";
import { lineOfKey } from "../yaml";
import { isDeployable } from "./permitted-kinds";

const rule = "kustomization-fields";

/** https://github.com/kubernetes-sigs/kustomize/blob/v5.0.0/api/types/kustomization.go */
const deprecated: Readonly<Record<string, string>> = {
  bases: "list the folders under resources",
  commonLabels:
    "use labels without includeSelectors: commonLabels also rewrites selectors, which cannot change",
  imageTags: "state the image in image.yaml",
  patchesJson6902: "list the patch under patches",
  patchesStrategicMerge: "list the patch under patches",
  vars: "use replacements",
};

const forbidden: Readonly<Record<string, string>> = {
  helmCharts: "fetches a chart while it builds; commit the rendered manifests",
  helmChartInflationGenerator: "fetches a chart while it builds; commit the rendered manifests",
  images: "competes with image.yaml, the one file that promotion writes; state the image there",
  replicas: "competes with the HorizontalPodAutoscaler, which owns the count; remove it",
};

function fieldFindings(kustomization: Kustomization, build: Rendered): Finding[] {
  const finding = (field: string, level: Finding["level"], message: string): Finding => ({
    file: kustomization.file,
    object: "",
    rule,
    level,
    message: `${field}: ${message}`,
    line: lineOfKey(kustomization.yaml, field),
  });
  const present = Object.keys(kustomization.fields);
  return [
    ...present
      .filter((field) => field in deprecated)
      .map((field) =>
        finding(
          field,
          build.environment === "production" ? "mandatory" : "advisory",
          `is deprecated; ${deprecated[field]}`,
        ),
      ),
    ...present
      .filter((field) => field in forbidden)
      .map((field) => finding(field, "mandatory", forbidden[field]!)),
  ];
}

/** Fields that kustomize still reads but that a delivered overlay must not use. */
export function kustomizationFields(build: Rendered): Finding[] {
  return build.kustomizations.flatMap((kustomization) => fieldFindings(kustomization, build));
}

/** An overlay that forgets its namespace would put its objects wherever the Application points. */
export function overlayNamespace(build: Rendered): Finding[] {
  const expected = serviceNamespace(build.environment);
  return build.objects
    .filter(({ object }) => isDeployable(object) && object.metadata?.namespace !== expected)
    .map(({ object, file }) => ({
      file,
      object: titleOf(object),
      rule: "overlay-namespace",
      level: "mandatory",
      message: `is not in the namespace ${expected}; set namespace: ${expected} in the overlay`,
    }));
}
