import Table from "cli-table3";
import type { ApplicationStatus } from "./applications";

/** A chart that the stack has installed. */
export interface InstalledChart {
  /** Name of the resource that installs it. */
  readonly name: string;
  readonly chart: string;
}

// The component of a chart names its piece of the platform as the chart is named: platform:<chart>:<Class>.
const chartUrn = /^.*platform:([a-z-]+):\w+\$(?:[^$]*\$)?kubernetes:helm\.sh\/(?:v4:Chart|v3:Release)::(.+)$/;

/** The charts among the resources of an exported state. The state keeps no argument of a `helm.v4.Chart`. */
export function installedCharts(urns: readonly string[]): InstalledChart[] {
  return urns.flatMap((urn) => {
    const [, chart, name] = chartUrn.exec(urn) ?? [];
    return chart && name ? [{ name, chart }] : [];
  });
}

/** Rows under a heading, as text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const result = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  result.push(...rows.map((row) => [...row]));
  return result.toString();
}

export function applicationTable(applications: readonly ApplicationStatus[]): string {
  return table(
    ["Application", "Sync", "Health", "Revision"],
    applications.map(({ name, sync, health, revision }) => [name, sync, health, revision.slice(0, 12)]),
  );
}
