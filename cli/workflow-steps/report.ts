/** What one step of a workflow printed, and how it ended. */
export interface Section {
  readonly title: string;
  readonly exitCode: number;
  readonly text: string;
  /** Whether the text is Markdown, to be shown as such. */
  readonly markdown: boolean;
}

/** GitHub refuses comments and issues of more than 65,536 characters. */
const maximumLength = 60_000;

// The control sequences of a terminal are what this removes.
const controlSequences = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A fence longer than any inside the text, so that no text can end the block. */
function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

/** The end of a text is where a failure stands and where the totals are. */
function keepEnd(text: string, length: number): string {
  if (text.length <= length) return text;
  return `... ${text.length - length} characters left out; the whole is in the run ...\n${text.slice(-length)}`;
}

function renderText({ text, markdown }: Section, length: number): string {
  const clean = keepEnd(text.replace(controlSequences, "").trim() || "(no output)", length);
  // Markdown that had to be cut may end in the middle of a table or block.
  if (markdown && clean.length <= length) return clean;
  const fence = fenceFor(clean);
  return `${fence}\n${clean}\n${fence}`;
}

function renderSection(section: Section, length: number): string {
  const { title, exitCode } = section;
  const state = exitCode === 0 ? "ok" : `FAILED with ${exitCode}`;
  const open = exitCode === 0 ? "" : " open";
  return `<details${open}><summary>${title}: ${state}</summary>\n\n${renderText(section, length)}\n\n</details>`;
}

/** One Markdown text that fits into a comment, however much the steps printed; every section gets its share. */
export function renderReport(heading: string, sections: readonly Section[], runUrl: string): string {
  const share = Math.floor(maximumLength / Math.max(1, sections.length));
  const failed = sections.filter(({ exitCode }) => exitCode !== 0).length;
  const summary = failed === 0 ? "Everything passed." : `${failed} of ${sections.length} failed.`;
  const body = sections.map((section) => renderSection(section, share));
  return [`## ${heading}`, `${summary} [Run](${runUrl})`, ...body].join("\n\n");
}
