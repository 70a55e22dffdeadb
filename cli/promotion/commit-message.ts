import type { Verdict } from "../gates/verdict";
import { CliError } from "../errors";
import { imageReference, type Image } from "./image";

/** One service in the text of a commit. */
export interface MessageChange {
  readonly service: string;
  readonly before: Image;
  readonly after: Image;
}

/** What a commit that moves images tells its readers; trailers are for programs. */
export interface Message {
  readonly subject: string;
  readonly changes: readonly MessageChange[];
  readonly verdicts: readonly Verdict[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** @throws CliError for text that could end a line or hide something from a terminal. */
export function requirePlainText(text: string, option: string): string {
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text)) {
    throw new CliError(`${option} contains a control character or line break; write one plain line`);
  }
  if (text.trim() === "") throw new CliError(`${option} is empty; say something`);
  return text.trim();
}

export function formatVerdict({ gate, subject, passed, reason }: Verdict): string {
  return `${passed ? "passed" : "REFUSED"} ${gate} ${subject}: ${reason}`;
}

/** A line break in a cluster's own words must not make a trailer. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** The last paragraph of a message; programs read it. */
export function formatTrailers({ trailers }: Pick<Message, "trailers">): string {
  return trailers.map(([name, value]) => `${name}: ${oneLine(value)}`).join("\n");
}

export function formatMessage(message: Message): string {
  const { subject, changes, verdicts } = message;
  const sections = [
    [subject],
    changes.map(
      ({ service, before, after }) =>
        `${service}\n  from ${imageReference(before)}\n  to   ${imageReference(after)}`,
    ),
    verdicts.map((verdict) => oneLine(formatVerdict(verdict))),
  ].map((lines) => lines.join("\n"));
  return `${[...sections, formatTrailers(message)].filter(Boolean).join("\n\n")}\n`;
}
