import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { parse } from "yaml";
import type { ApplicationStatus } from "./applications";

/** A chart that the stack has installed. */
export interface InstalledChart {
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

const chartTypes = new Set(["kubernetes:helm.sh/v4:Chart", "kubernetes:helm.sh/v3:Release"]);

function versionOf(chart: string, version: unknown): string {
  if (typeof version === "string") return version;
  const manifest = join(chart, "Chart.yaml");
  return existsSync(manifest) ? (parse(readFileSync(manifest, "utf8")) as { version: string }).version : "";
}

/** The charts among the resources of an exported state. */
export function installedCharts(resources: readonly StateResource[]): InstalledChart[] {
  return resources
    .filter(({ type }) => chartTypes.has(type))
    .map(({ urn, inputs = {} }) => {
      const chart = String(inputs["chart"] ?? "");
      return {
        name: urn.split("::").at(-1) ?? urn,
        chart: chart.split("/").at(-1) ?? chart,
        version: versionOf(chart, inputs["version"]),
        namespace: String(inputs["namespace"] ?? ""),
      };
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
