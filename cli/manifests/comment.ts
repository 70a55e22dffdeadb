import type { Environment } from "../../config/environment";
import type { ObjectChange } from "./changes";
import { withoutHash } from "./object";

/** By this line a pull request's comment is found again and updated instead of repeated. */
export const marker = "<!-- platform diff -->";

/** GitHub refuses a comment of more than 65,536 characters. */
export const commentLimit = 64_000;

/** What is left for the head and for saying what was left out. */
const reserve = 500;

/** What happens to one service of one environment, in each of its clusters alike. */
export interface ServiceChange {
  readonly environment: Environment;
  readonly service: string;
  readonly clusters: readonly string[];
  /** Versions that run before and after, as `1.0.0 → 1.1.0`; empty where they stay. */
  readonly image: string;
  readonly objects: readonly ObjectChange[];
}

/** Everything a comment tells. */
export interface Difference {
  readonly services: readonly ServiceChange[];
  /** Sentences about clusters and services that join or leave, and folders that cannot be compared. */
  readonly notes: readonly string[];
}

function count(objects: readonly ObjectChange[], kind: ObjectChange["kind"]): number {
  return objects.filter((object) => object.kind === kind).length;
}

function row({ environment, service, clusters, image, objects }: ServiceChange): string {
  const numbers = (["added", "changed", "removed"] as const).map((kind) => count(objects, kind));
  return `| ${[environment, clusters.join(", "), service, image, ...numbers].join(" | ")} |`;
}

/** A fence longer than any inside, so that what is shown cannot end it. */
function fence(content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

/** What is added and removed, whatever the environment is called and whatever stands around it. */
function essence({ environment, service, objects }: ServiceChange): string {
  const lines = objects.flatMap(({ title, kind, diff }) => [
    `${kind} ${title}`,
    ...diff.split("\n").filter((line) => /^[-+]/.test(line)),
  ]);
  // The hash in the name of a generated ConfigMap differs with what else is in it.
  const text = withoutHash(lines.join("\n"));
  return `${service}\n${text.replaceAll(new RegExp(`\\b${environment}\\b`, "g"), "ENVIRONMENT")}`;
}

/** The changes that are the same in several environments together, each group where its first member stood. */
function alike(services: readonly ServiceChange[]): ServiceChange[][] {
  const groups = new Map<string, ServiceChange[]>();
  for (const change of services) {
    const key = essence(change);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return [...groups.values()];
}

function details(group: readonly ServiceChange[]): string {
  const [first] = group;
  const blocks = first!.objects.map(({ title, kind, diff }) => {
    const ticks = fence(diff);
    return `**${kind}** ${title}\n\n${ticks}diff\n${diff}\n${ticks}`;
  });
  const places = group.map(({ environment, clusters }) => `${environment} (${clusters.join(", ")})`);
  const same = group.length > 1 ? `As it is in ${first!.environment}; in the others likewise.\n\n` : "";
  return `<details><summary>${first!.service}: ${places.join(", ")}</summary>\n\n${same}${blocks.join("\n\n")}\n\n</details>`;
}

const tableHead =
  "| Environment | Clusters | Service | Image | Added | Changed | Removed |\n| --- | --- | --- | --- | --: | --: | --: |";

/** The parts that still fit, whole and in their order, and how many do not. */
function fit(parts: readonly string[], room: number, separator: string): { text: string; cut: number } {
  let length = 0;
  const kept = parts.filter((part) => {
    const fits = length + part.length + separator.length <= room;
    if (fits) length += part.length + separator.length;
    return fits;
  });
  return { text: kept.join(separator), cut: parts.length - kept.length };
}

function cutNotice(notes: number, rows: number, sections: number): string {
  const what = [
    notes && `${notes} notes`,
    rows && `${rows} rows of the table`,
    sections && `${sections} differences`,
  ].filter(Boolean);
  return what.length > 0
    ? `> **Left out to fit a comment:** ${what.join(", ")}. Run \`npx platform diff --base REF --full\` to see all.`
    : "";
}

/**
 * The comment on a pull request, in Markdown.
 *
 * @param limit most characters it may have; what does not fit is left out whole, and it says so.
 */
export function comment({ services, notes }: Difference, limit = commentLimit): string {
  const room = limit - reserve;
  // What changes where is worth more than how: a quarter for the notes, and half of the rest for the table.
  const remarks = fit(
    notes.map((note) => `> ${note}`),
    room / 4,
    "\n>\n",
  );
  const table = fit(services.map(row), (room - remarks.text.length) / 2, "\n");
  const sections = fit(alike(services).map(details), room - remarks.text.length - table.text.length, "\n\n");
  const parts = [
    `${marker}\n### What this change does to the clusters`,
    remarks.text,
    services.length === 0 ? "No rendered object changes." : `${tableHead}\n${table.text}`,
    sections.text,
    cutNotice(remarks.cut, table.cut, sections.cut),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}
