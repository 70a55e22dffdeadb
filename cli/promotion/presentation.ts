import type { Verdict } from "../gates/verdict";
import { formatVerdict } from "./commit-message";

/** A commit by which an image came to the source. */
export interface PresentedCommit {
  readonly commit: string;
  readonly time: Date;
  readonly subject: string;
}

/** One thing that moves: an image of a service, or a version of the platform. */
export interface PresentedChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** The commits between, newest first. */
  readonly commits: readonly PresentedCommit[];
  /** Where people compare the two. */
  readonly compare: string | undefined;
}

/** What people and scripts are told of a change before anything is written. */
export interface Presentation {
  readonly title: string;
  readonly changes: readonly PresentedChange[];
  readonly gates: readonly Verdict[];
}

/** What is told of a version in the history of an image file. */
export function presentCommit({ commit, time, subject }: PresentedCommit): PresentedCommit {
  return { commit, time, subject };
}

function formatCommit({ commit, time, subject }: PresentedCommit): string {
  return `${commit.slice(0, 10)} ${time.toISOString().slice(0, 10)} ${subject}`;
}

/** Lines for a terminal. */
export function formatText({ title, changes, gates }: Presentation): string[] {
  return [
    `${title}:`,
    ...changes.flatMap(({ name, before, after, commits, compare }) => [
      `  ${name}: ${before} -> ${after}`,
      ...commits.map((commit) => `    ${formatCommit(commit)}`),
      ...(compare ? [`    ${compare}`] : []),
    ]),
    ...(gates.length > 0 ? ["Gates:"] : ["Gates: none are configured"]),
    ...gates.map((verdict) => `  ${formatVerdict(verdict)}`),
  ];
}

/** Other people's text as a code span, in which GitHub reads no markup and mentions nobody. */
function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The body of a pull request. */
export function formatMarkdown({ changes, gates }: Presentation): string {
  const moved = changes.map(({ name, before, after, compare }) => [
    `**${name}**`,
    code(before),
    code(after),
    compare ? `[compare](${encodeURI(compare).replaceAll(")", "%29")})` : "",
  ]);
  const commits = changes.flatMap((change) =>
    change.commits.map((commit) => `- ${change.name} ${code(formatCommit(commit))}`),
  );
  const judged = gates.map(({ gate, subject, passed, reason }) => [
    gate,
    subject,
    passed ? "passed" : "**refused**",
    code(reason),
  ]);
  return [
    table(["", "From", "To", ""], moved),
    ...(commits.length > 0
      ? [`<details><summary>${commits.length} commits</summary>\n\n${commits.join("\n")}\n\n</details>`]
      : []),
    table(["Gate", "Of", "Result", "Figures"], judged),
  ].join("\n\n");
}
