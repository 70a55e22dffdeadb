import { SandboxError } from "../errors";

const escape = String.fromCharCode(27);

/** The text without the engine's colour marks and the terminal's. */
export function plain(text: string): string {
  return text
    .replaceAll(/<\{%.*?%\}>/g, "")
    .replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, "g"), "")
    .trim();
}

/** Each text, set off from the line that introduces it. */
export function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`).join("\n");
}

/** The end of a transcript, which says what went wrong. */
export function lastLines(text: string): string {
  return plain(text).split("\n").slice(-15).join("\n");
}

/** The failure of what the engine was asked for, in its own words; what it was given to read is never shown. */
export function engineFailure(what: string, words: readonly string[], cause: unknown): SandboxError {
  return new SandboxError(
    `${what} failed:\n${indent(words)}`,
    "Mend what is named above, then run the command again; it goes on where it stopped.",
    { cause },
  );
}
