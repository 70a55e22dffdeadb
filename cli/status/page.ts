import { createHash } from "node:crypto";
import type { Status } from "./collect";
import { cells, columns, formatAge } from "./format";
import { toMatrix, toneOf, type Cell, type Line, type Tone } from "./matrix";
import { script, style } from "./page-assets";
import type { StatusRow } from "./row";

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Service names, commit subjects and messages of clusters are other people's text. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** No text on the page can load or run anything but the two blocks of its own. */
const contentSecurityPolicy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}`;

/** Colour alone tells nothing to a reader who cannot see it. */
const signs: Record<Tone, string> = { good: "●", wait: "◐", bad: "▲" };

function state(row: StatusRow): string {
  const tone = toneOf(row);
  const words = [row.freeze !== undefined && "Frozen", row.health, row.sync !== "Synced" && row.sync]
    .filter(Boolean)
    .join(", ");
  return `<span class="${tone}"><span aria-hidden="true">${signs[tone]}</span> ${escape(words)}</span>`;
}

function paragraph(text: string, name = ""): string {
  return text && `<p${name && ` class="${name}"`}>${escape(text)}</p>`;
}

/** What one cluster has to say beside its state; nothing where it runs what git states and rests there. */
function remarks(row: StatusRow): string {
  const waits = toneOf(row) === "wait";
  return [
    paragraph(row.step ? `Rollout: ${row.step}` : "", waits ? "wait" : "muted"),
    paragraph(row.freeze ?? "", "bad"),
    paragraph(row.drift, waits ? "wait" : "bad"),
  ].join("");
}

function clusters(rows: Cell["rows"]): string {
  if (rows.length === 1) return remarks(rows[0]);
  const items = rows.map((row) => `<li>${escape(row.cluster)} ${state(row)}${remarks(row)}</li>`);
  return `<ul>${items.join("")}</ul>`;
}

function behind({ behind: waiting }: StatusRow): string {
  if (!waiting) return "";
  const { environment, version, deliveries, compare } = waiting;
  const text = escape(deliveries === undefined ? "differs from" : `${deliveries} behind`);
  const link = compare ? `<a href="${escape(compare)}">${text}</a>` : text;
  return `<p>${link} ${environment} <span class="version">${escape(version)}</span></p>`;
}

function promoted({ promoted: promotion }: StatusRow, now: Date): string {
  if (!promotion) return "";
  const { time, subject, commit } = promotion;
  const age = `<time datetime="${escape(time)}">${formatAge(new Date(time), now)} ago</time>`;
  return `<p class="muted" title="${escape(`${commit.slice(0, 10)} ${subject}`)}">promoted ${age}</p>`;
}

function renderCell(cell: Cell | undefined, now: Date): string {
  if (!cell) return `<td class="muted">not here</td>`;
  const [first] = cell.rows;
  const only = cell.rows.length === 1 ? state(first) : "";
  const head = `<div class="head"><span class="version">${escape(first.git)}</span>${only}</div>`;
  return `<td data-tone="${cell.tone}">${head}${clusters(cell.rows)}${behind(first)}${promoted(first, now)}</td>`;
}

function renderLine({ service, cells: row }: Line, now: Date): string {
  const attention = row.some((cell) => cell && (cell.tone !== "good" || cell.rows[0].behind));
  const rendered = row.map((cell) => renderCell(cell, now)).join("");
  return `<tr${attention ? " data-attention" : ""}><th scope="row">${escape(service)}</th>${rendered}</tr>`;
}

function renderHead(status: Status, lines: readonly Line[]): string {
  const heads = status.environments.map((environment, index) => {
    const own = lines.flatMap(({ cells: row }) => row[index] ?? []);
    const sound = own.filter(({ tone }) => tone === "good").length;
    return `<th scope="col">${environment}<small class="muted">${sound} of ${own.length} sound</small></th>`;
  });
  return `<tr><th scope="col">Service</th>${heads.join("")}</tr>`;
}

function renderDetail(row: StatusRow, now: Date): string {
  const rendered = cells(row, now).map((text) => `<td>${escape(text)}</td>`);
  return `<tr>${rendered.join("")}</tr>`;
}

function summary({ rows }: Status): string {
  const count = (accept: (row: StatusRow) => boolean) => rows.filter(accept).length;
  const sound = count((row) => toneOf(row) === "good");
  const parts: [number, string, Tone | "muted"][] = [
    [count((row) => toneOf(row) === "bad"), "differ from git or are not healthy", "bad"],
    [count((row) => toneOf(row) === "wait"), "on their way", "wait"],
    [count(({ behind: waiting }) => waiting !== undefined), "behind the environment before", "muted"],
  ];
  const others = parts
    .filter(([number]) => number > 0)
    .map(([number, words, name]) => ` · <span class="${name}">${number} ${words}</span>`);
  return `<p>${sound} of ${rows.length} run in good health what git states${others.join("")}</p>`;
}

/** One HTML file that needs nothing beside it. */
export function renderPage(status: Status): string {
  const lines = toMatrix(status);
  const { commit, time, environments, rows, unreadable } = status;
  const empty = `<tr><td colspan="${environments.length + 1}">Git states no service yet.</td></tr>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escape(contentSecurityPolicy)}">
<title>Platform status</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Platform status</h1>
${summary(status)}
<p class="muted">Git at <code>${escape(commit.slice(0, 10))}</code>, clusters read at <time datetime="${time.toISOString()}">${time.toISOString().slice(0, 16).replace("T", " ")} UTC</time></p>
${unreadable.map((reason) => paragraph(reason, "notice")).join("\n")}
<div class="controls">
<input type="search" placeholder="Filter: bff Degraded" aria-label="Filter services">
<label><input type="checkbox"> Only what waits, is behind or needs somebody</label>
<output class="muted"></output>
</div>
<div class="scroll" role="region" aria-label="Services by environment" tabindex="0"><table class="matrix">
<thead>${renderHead(status, lines)}</thead>
<tbody>
${lines.map((line) => renderLine(line, time)).join("\n") || empty}
</tbody>
</table></div>
<h2>Every cluster</h2>
<details><summary>${rows.length} rows with promotion, rollout and drift</summary>
<div class="scroll" role="region" aria-label="Every cluster" tabindex="0"><table>
<thead><tr>${columns.map((column) => `<th scope="col">${column}</th>`).join("")}</tr></thead>
<tbody>
${rows.map((row) => renderDetail(row, time)).join("\n")}
</tbody>
</table></div>
</details>
</main>
<script>${script}</script>
</body>
</html>
`;
}
