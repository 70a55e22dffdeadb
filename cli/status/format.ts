import Table from "cli-table3";
import type { Status } from "./collect";
import type { Behind, StatusRow } from "./row";

/** How long ago, in the largest unit that is not zero. */
export function formatAge(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
  if (minutes < 60) return `${minutes}m`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}h`;
  return `${Math.floor(minutes / (24 * 60))}d`;
}

export const columns = [
  "Service",
  "Environment",
  "Cluster",
  "Git",
  "Live",
  "Sync",
  "Health",
  "Rollout",
  "Behind",
  "Age",
  "Promoted",
  "Drift",
] as const;

/** What waits in the environment before, and how many deliveries further it is: `dev 1.5.0 (+2)`. */
export function formatBehind({ environment, version, deliveries }: Behind): string {
  return `${environment} ${version}${deliveries === undefined ? "" : ` (+${deliveries})`}`;
}

/** One row as text, in the order of the columns. */
export function cells(row: StatusRow, now: Date): string[] {
  const { promoted, behind } = row;
  return [
    row.service,
    row.environment,
    row.cluster,
    row.git,
    row.live.join(", ") || "-",
    row.sync,
    row.health,
    row.step ?? "-",
    behind ? formatBehind(behind) : "-",
    promoted ? formatAge(new Date(promoted.time), now) : "-",
    promoted ? `${promoted.commit.slice(0, 10)} ${promoted.subject}` : "-",
    [row.freeze && `frozen: ${row.freeze}`, row.drift].filter(Boolean).join("; ") || "-",
  ];
}

/** Text of a cluster may hold control sequences; a terminal must not obey them. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** A commit's subject must not push what matters off the screen. */
function shorten(text: string): string {
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}

const noBorders = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((place) => [place, ""]),
);

export function formatTable(status: Status): string {
  const table = new Table({
    head: columns.map((column) => column.toUpperCase()),
    chars: { ...noBorders, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
  });
  const promoted = columns.indexOf("Promoted");
  for (const row of status.rows) {
    const texts = cells(row, status.time).map(printable);
    table.push(texts.map((text, index) => (index === promoted ? shorten(text) : text)));
  }
  return table.toString();
}

export function formatJson(status: Status): string {
  const { commit, time, rows, unreadable } = status;
  return JSON.stringify({ commit, time: time.toISOString(), rows, unreadable }, undefined, 2);
}
