import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Keys that a chart reads, as paths; a path that ends in `*` stands for every key that begins so. */
export interface RecordedKeys {
  readonly chart: string;
  readonly version: string;
  readonly source: string;
  readonly keys: readonly string[];
}

export function recordedKeys(chart: string): RecordedKeys {
  const file = join(__dirname, "..", "fixtures", "chart-values-keys", `${chart}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as RecordedKeys;
}

/** The paths of all values; a list is a value, since its elements are Kubernetes' own types. */
function paths(value: unknown, path = ""): string[] {
  if (value === undefined) return [];
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, entry]) => paths(entry, path === "" ? key : `${path}/${key}`));
}

export function isRecorded(path: string, { keys }: RecordedKeys): boolean {
  return keys.some((key) => (key.endsWith("*") ? path.startsWith(key.slice(0, -1)) : path === key));
}

/** The paths of values that the chart does not read. */
export function unknownPaths(values: unknown, recorded: RecordedKeys): string[] {
  return paths(values).filter((path) => !isRecorded(path, recorded));
}
