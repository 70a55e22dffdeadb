import { createHash } from "node:crypto";
import { cells, columns } from "./format";
import type { Status } from "./collect";
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

const style = `
:root { color-scheme: light dark; --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; --line: #8884; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
p { margin: .2rem 0; }
input { font: inherit; margin: 1rem 0; padding: .35rem .6rem; width: 22rem; max-width: 100%; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; text-align: left; vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
td:nth-child(4), td:nth-child(5) { font-family: ui-monospace, monospace; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .wait { color: var(--wait); }
[hidden] { display: none; }
`;

const script = `
const filter = document.querySelector("input");
const rows = [...document.querySelectorAll("tbody tr")];
const count = document.querySelector("output");
function show() {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  count.textContent = rows.filter((row) => !row.hidden).length + " of " + rows.length;
}
filter.addEventListener("input", show);
show();
`;

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** No text on the page can load or run anything but the two blocks above. */
const contentSecurityPolicy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}`;

const tones: Record<string, string> = {
  Synced: "good",
  Healthy: "good",
  OutOfSync: "bad",
  Degraded: "bad",
  Missing: "bad",
  Unknown: "bad",
};

function tone(column: string, text: string): string {
  if (column === "Sync" || column === "Health") return tones[text] ?? "wait";
  return column === "Drift" && text !== "-" ? "bad" : "";
}

function renderRow(row: StatusRow, now: Date): string {
  const rendered = cells(row, now).map((text, index) => {
    const name = tone(columns[index]!, text);
    return `<td${name ? ` class="${name}"` : ""}>${escape(text)}</td>`;
  });
  return `<tr>${rendered.join("")}</tr>`;
}

function summary({ rows, unreadable }: Status): string {
  const sound = rows.filter(
    ({ sync, health, drift, freeze }) => sync === "Synced" && health === "Healthy" && !drift && !freeze,
  );
  return [`${sound.length} of ${rows.length} are synced, healthy and as git states.`, ...unreadable]
    .map((line) => `<p>${escape(line)}</p>`)
    .join("\n");
}

/** One HTML file that needs nothing beside it. */
export function renderPage(status: Status): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join("");
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
<h1>Platform status</h1>
<p>Commit ${escape(status.commit.slice(0, 10))}, read at <time>${status.time.toISOString()}</time></p>
${summary(status)}
<input type="search" placeholder="Filter: production bff Degraded" aria-label="Filter rows"> <output></output>
<div class="scroll"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${status.rows.map((row) => renderRow(row, status.time)).join("\n")}
</tbody>
</table></div>
<script>${script}</script>
</body>
</html>
`;
}
