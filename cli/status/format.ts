import Table from "cli-table3";
import type { Status } from "./collect";
import type { StatusRow } from "./row";

/** How long ago, in the largest unit that is not zero. */
export function formatAge(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000));
  if (minutes < 60) return `${minutes}m`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}h`;
  return `${Math.floor(minutes / (24 * 60))}d`;
}

export const columns = [
  "Environment",
  "Service",
  "Cluster",
  "Git",
  "Live",
  "Sync",
  "Health",
  "Rollout",
  "Promoted",
  "Age",
  "Drift",
] as const;

/** One row as text, in the order of the columns. */
export function cells(row: StatusRow, now: Date): string[] {
  const { promoted } = row;
  return [
    row.environment,
    row.service,
    row.cluster,
    row.git,
    row.live.join(", ") || "-",
    row.sync,
    row.health,
    row.step ?? "-",
    promoted ? `${promoted.commit.slice(0, 10)} ${promoted.subject}` : "-",
    promoted ? formatAge(new Date(promoted.time), now) : "-",
    [row.freeze && `frozen: ${row.freeze}`, row.drift].filter(Boolean).join("; ") || "-",
  ];
}

/** Text of a cluster may hold control sequences; a terminal must not obey them. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

export function formatTable(status: Status): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [], compact: true } });
  for (const row of status.rows) table.push(cells(row, status.time).map(printable));
  return table.toString();
}

export function formatJson(status: Status): string {
  const { commit, time, rows, unreadable } = status;
  return JSON.stringify({ commit, time: time.toISOString(), rows, unreadable }, undefined, 2);
}
