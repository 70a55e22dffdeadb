import type { Environment } from "../../config/environment";
import type { ObjectChange } from "./changes";

/** By this line a pull request's comment is found again and updated instead of repeated. */
export const marker = "<!-- platform diff -->";

/** GitHub refuses a comment of more than 65,536 characters. */
const limit = 64_000;

/** What happens to one service of one environment, in each of its clusters alike. */
export interface ServiceChange {
  readonly environment: Environment;
  readonly service: string;
  readonly clusters: readonly string[];
  readonly objects: readonly ObjectChange[];
}

/** Everything a comment tells. */
export interface Difference {
  readonly services: readonly ServiceChange[];
  /** Sentences about clusters that join or leave, and folders that cannot be compared. */
  readonly notes: readonly string[];
}

function count(objects: readonly ObjectChange[], kind: ObjectChange["kind"]): number {
  return objects.filter((object) => object.kind === kind).length;
}

function row({ environment, service, clusters, objects }: ServiceChange): string {
  const numbers = (["added", "changed", "removed"] as const).map((kind) => count(objects, kind));
  return `| ${[environment, clusters.join(", "), service, ...numbers].join(" | ")} |`;
}

/** A fence longer than any inside, so that what is shown cannot end it. */
function fence(content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

function details({ environment, service, clusters, objects }: ServiceChange): string {
  const blocks = objects.map(({ title, kind, diff }) => {
    const ticks = fence(diff);
    return `**${kind}** ${title}\n\n${ticks}diff\n${diff}\n${ticks}`;
  });
  const summary = `<summary>${environment}: ${service} on ${clusters.join(", ")}</summary>`;
  return `<details>${summary}\n\n${blocks.join("\n\n")}\n\n</details>`;
}

const tableHead =
  "| Environment | Clusters | Service | Added | Changed | Removed |\n| --- | --- | --- | --: | --: | --: |";

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

function cutNotice(rows: number, sections: number): string {
  const what = [rows && `${rows} rows of the table`, sections && `the differences of ${sections} services`];
  const left = what.filter(Boolean).join(" and ");
  return left
    ? `\n\n> **Left out to fit a comment:** ${left}. Run \`npx platform diff --base REF --full\` to see all.`
    : "";
}

/**
 * The comment on a pull request, in Markdown.
 *
 * @param full whether to show everything, however long it gets; otherwise it fits a comment and says what it lacks.
 */
export function comment({ services, notes }: Difference, full = false): string {
  const head = `${marker}\n### What this change does to the clusters\n`;
  const remarks = notes.map((note) => `\n> ${note}`).join("\n>");
  if (services.length === 0) return `${head}\nNo rendered object changes.\n${remarks}`.trimEnd() + "\n";
  const room = full ? Number.POSITIVE_INFINITY : limit - head.length - remarks.length - 1_000;
  // Half for the table: what changes where is worth more than how.
  const table = fit(services.map(row), room / 2, "\n");
  const sections = fit(services.map(details), room - table.text.length, "\n\n");
  const notice = cutNotice(table.cut, sections.cut);
  return `${head}${remarks}\n\n${tableHead}\n${table.text}\n\n${sections.text}${notice}`.trimEnd() + "\n";
}
