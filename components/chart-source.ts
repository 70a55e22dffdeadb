import path from "node:path";
import { chartVersions, type ChartName } from "./chart-versions";

/** Where charts come from and which versions a stack runs. */
export interface ChartSettings {
  /** A folder of charts or an oci:// prefix that replaces the public repositories; omitted, the public ones. */
  readonly mirror?: string | undefined;
  /** Exact version per chart name; omitted, the pin in chart-versions.ts. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
}

/** The arguments of `helm.v4.Chart` that say which chart is meant. */
export interface ChartSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** The chart of a component as the stack's settings have it. */
export function chartSource(name: ChartName, settings: ChartSettings): ChartSource {
  const { chart, repository, version: pin } = chartVersions[name];
  const version = settings.versions?.[chart] ?? pin;
  if (settings.mirror === undefined) return { chart, version, repositoryOpts: { repo: repository } };
  if (settings.mirror.startsWith("oci://")) {
    return { chart: `${settings.mirror.replace(/\/+$/, "")}/${chart}`, version };
  }
  // Helm reads the version of a folder from its Chart.yaml.
  return { chart: path.join(settings.mirror, chart) };
}
