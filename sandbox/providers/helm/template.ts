import type { KubernetesObject } from "../kubernetes/objects/object";
import { capabilities } from "../kubernetes/api/discovery";
import type { Cluster } from "../kubernetes/session";
import { helm } from "./command";
import { parseManifest } from "./manifests";
import type { PropertyMap } from "../protocol/properties";

export interface ChartSource {
  /** A folder, an archive, an `oci://` reference, or a name in `repo`. */
  chart: string;
  repo: string;
  version: string;
  devel: boolean;
  dependencyUpdate: boolean;
  verify: boolean;
  plainHttp: boolean;
}

export interface Template extends ChartSource {
  releaseName: string;
  namespace: string;
  values: PropertyMap;
  skipCrds: boolean;
  signal: AbortSignal;
}

/** Renders a chart as `helm template --dry-run=server` does: hooks left out, CRDs first, the live cluster's kinds known. */
export async function template(cluster: Cluster, request: Template): Promise<KubernetesObject[]> {
  const { kubeVersion, apiVersions } = await capabilities(cluster.api);
  const manifest = await helm({
    access: cluster.access,
    signal: request.signal,
    values: request.values,
    arguments: [
      "template",
      request.releaseName,
      request.chart,
      "--namespace",
      request.namespace,
      "--dry-run=server",
      "--no-hooks",
      "--kube-version",
      kubeVersion,
      "--api-versions",
      apiVersions.join(","),
      ...(request.skipCrds ? ["--skip-crds"] : ["--include-crds"]),
      ...sourceFlags(request),
    ],
  });
  return parseManifest(manifest);
}

export function sourceFlags(source: ChartSource): string[] {
  return [
    ...(source.version === "" ? [] : ["--version", source.version]),
    ...(source.repo === "" ? [] : ["--repo", source.repo]),
    ...(source.devel ? ["--devel"] : []),
    ...(source.dependencyUpdate ? ["--dependency-update"] : []),
    ...(source.verify ? ["--verify"] : []),
    ...(source.plainHttp ? ["--plain-http"] : []),
  ];
}
