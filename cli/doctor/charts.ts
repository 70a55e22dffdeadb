import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { chartSource, type ChartSettings } from "../../components/chart-source";
import { chartVersions, type ChartName } from "../../components/chart-versions";
import { findManifest } from "../registry";
import { reasonOf } from "./finding";

const indexTimeout = 30_000;

/** What a source says of the one chart version that the stack wants. */
export type ChartFound =
  | { readonly kind: "found"; readonly version: string; readonly appVersion: string | undefined }
  | { readonly kind: "missing"; readonly reason: string };

interface IndexEntry {
  readonly version?: unknown;
  readonly appVersion?: unknown;
}

/** @param text the index.yaml of a chart repository, or what came in its place. */
export function findInIndex(text: string, chart: string, version: string): ChartFound {
  if (/^\s*</.test(text)) return { kind: "missing", reason: "answered with HTML instead of an index" };
  let index: { entries?: Record<string, IndexEntry[]> } | undefined;
  try {
    index = load(text) as typeof index;
  } catch {
    return { kind: "missing", reason: "answered with something else than an index" };
  }
  const entries = index?.entries?.[chart];
  if (!Array.isArray(entries)) return { kind: "missing", reason: `lists no chart ${chart}` };
  const entry = entries.find((candidate) => candidate.version === version);
  return entry
    ? { kind: "found", version, appVersion: asText(entry.appVersion) }
    : { kind: "missing", reason: `does not list version ${version} of ${chart}` };
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Reads one text over http; injected, because the repositories' addresses are fixed. */
export type ReadText = (url: string) => Promise<string>;

/** Asks for each address once; two charts may come from one repository, whose index is large. */
export function remembering(readText: ReadText): ReadText {
  const texts = new Map<string, Promise<string>>();
  return (url) => {
    const text = texts.get(url) ?? readText(url);
    texts.set(url, text);
    return text;
  };
}

/** @throws Error that says what was answered instead of the text. */
export async function fetchText(url: string, timeout = indexTimeout): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout) }).catch((error: unknown) => {
    throw new Error(`cannot be reached: ${reasonOf(error)}`);
  });
  if (new URL(response.url).protocol !== new URL(url).protocol)
    throw new Error("redirects to another protocol");
  if (!response.ok) throw new Error(`answered HTTP ${response.status}`);
  return response.text();
}

function findInFolder(folder: string): ChartFound {
  const path = join(folder, "Chart.yaml");
  if (!existsSync(path)) return { kind: "missing", reason: `holds no ${path}` };
  const chart = load(readFileSync(path, "utf8")) as IndexEntry | undefined;
  const version = asText(chart?.version);
  return version === undefined
    ? { kind: "missing", reason: `states no version in ${path}` }
    : { kind: "found", version, appVersion: asText(chart?.appVersion) };
}

async function findInRegistry(reference: string, version: string): Promise<ChartFound> {
  // A `+` may stand in a version but not in a tag: https://helm.sh/docs/topics/registries/
  const tag = version.replaceAll("+", "_");
  const manifest = await findManifest(reference.replace(/^oci:\/\//, ""), tag);
  return manifest === "absent"
    ? { kind: "missing", reason: `holds no tag ${tag}` }
    : { kind: "found", version, appVersion: undefined };
}

/** Where a chart comes from, said as its reader would look for it. */
export function describeSource(name: ChartName, settings: ChartSettings): string {
  const { chart, repositoryOpts } = chartSource(name, settings);
  return repositoryOpts ? `${repositoryOpts.repo}/index.yaml` : chart;
}

/** Looks for the chart where `up` will; never throws. */
export async function findChart(
  name: ChartName,
  settings: ChartSettings,
  readText: ReadText,
): Promise<ChartFound> {
  const { chart, version, repositoryOpts } = chartSource(name, settings);
  try {
    if (repositoryOpts) {
      return findInIndex(await readText(describeSource(name, settings)), chart, version ?? "");
    }
    if (chart.startsWith("oci://")) return await findInRegistry(chart, version ?? "");
    return findInFolder(chart);
  } catch (error) {
    return { kind: "missing", reason: reasonOf(error) };
  }
}

/** The charts of a stack; cert-manager only where the stack has it. */
export function chartsOf(config: { readonly certManager?: unknown }): ChartName[] {
  const names = Object.keys(chartVersions) as ChartName[];
  return names.filter((name) => name !== "certManager" || config.certManager !== undefined);
}
