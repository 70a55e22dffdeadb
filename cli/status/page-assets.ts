/** Both themes meet WCAG AA contrast; what is wrong is also said in words and marked by a sign. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2127; --muted: #5b6570; --line: #dfe3e8; --link: #0b5cad;
  --good: #1a6e36; --wait: #855700; --bad: #b4232c; --wait-tint: #fff6e0; --bad-tint: #fdeeee; --focus: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1317; --card: #171c22; --text: #e4e8ec; --muted: #9aa5b1; --line: #2b333c; --link: #7ab8ff;
    --good: #5fcf85; --wait: #e8b44f; --bad: #ff8a8a; --wait-tint: #2b2413; --bad-tint: #33191b; --focus: #7ab8ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .75rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
code, .version { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; }
.muted { color: var(--muted); } .good { color: var(--good); } .wait { color: var(--wait); } .bad { color: var(--bad); font-weight: 600; }
.notice { margin: .75rem 0 0; padding: .6rem .8rem; border-left: 3px solid var(--bad); background: var(--bad-tint); border-radius: 4px; overflow-wrap: anywhere; }
.controls { display: flex; flex-wrap: wrap; gap: .6rem 1.25rem; align-items: center; margin: 1.5rem 0 .9rem; }
.controls input[type=search] { flex: 0 1 22rem; min-width: 0; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; padding: .4rem .7rem; }
.controls label { display: flex; gap: .45rem; align-items: center; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .6rem .9rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-weight: 600; white-space: nowrap; }
thead small { display: block; font-weight: 400; }
tbody th { font-weight: 600; white-space: nowrap; }
.matrix { table-layout: fixed; min-width: 46rem; }
.matrix th:first-child { position: sticky; left: 0; width: 8.5rem; background: var(--card); overflow-wrap: anywhere; white-space: normal; }
.matrix td { border-left: 1px solid var(--line); }
.matrix td[data-tone=wait] { background: var(--wait-tint); }
.matrix td[data-tone=bad] { background: var(--bad-tint); box-shadow: inset 3px 0 0 var(--bad); }
.matrix .head { display: flex; flex-wrap: wrap; gap: 0 .75rem; justify-content: space-between; }
.matrix .version { font-weight: 600; overflow-wrap: anywhere; }
.matrix p, .matrix ul { margin: .15rem 0 0; padding: 0; font-size: .87rem; overflow-wrap: anywhere; list-style: none; }
.matrix p.bad { font-weight: inherit; } .matrix li p { padding-left: 1.1rem; }
summary { cursor: pointer; }
details .scroll { margin-top: .75rem; font-size: .87rem; }
details td { white-space: nowrap; } details td:last-child { white-space: normal; min-width: 16rem; }
[hidden] { display: none; }
@media print { .controls { display: none; } body { background: none; padding: 0; } }
`;

export const script = `
const filter = document.querySelector("input[type=search]");
const attention = document.querySelector("input[type=checkbox]");
const lines = [...document.querySelectorAll(".matrix tbody tr")];
const rows = [...document.querySelectorAll("details tbody tr")];
const count = document.querySelector("output");
function show() {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const fits = (row) => words.every((word) => row.textContent.toLowerCase().includes(word));
  for (const line of lines) line.hidden = !fits(line) || (attention.checked && !line.hasAttribute("data-attention"));
  for (const row of rows) row.hidden = !fits(row);
  count.textContent = lines.filter((line) => !line.hidden).length + " of " + lines.length + " services";
}
filter.addEventListener("input", show);
attention.addEventListener("change", show);
show();
`;
