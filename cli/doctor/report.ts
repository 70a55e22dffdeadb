import Table from "cli-table3";
import type { ExitCode } from "../errors";
import type { Status } from "./finding";
import type { Reported } from "./run";

const order: readonly Status[] = ["invalid", "failed", "warning", "ok"];

/** 2 where something is wrong with the input or could not be read, else 1 where a check said no, else 0. */
export function exitCodeOf(findings: readonly Reported[]): ExitCode {
  if (findings.length === 0 || findings.some(({ status }) => status === "invalid")) return 2;
  return findings.some(({ status }) => status === "failed") ? 1 : 0;
}

/** Text of a cluster may hold control sequences; a terminal must not obey them. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

function summary(findings: readonly Reported[]): string {
  return order
    .map((status) => `${findings.filter((finding) => finding.status === status).length} ${status}`)
    .join(", ");
}

/** What is wrong comes last, where a terminal shows it. */
export function formatTable(findings: readonly Reported[], columns: number): string {
  // A subject is often a key, which must be readable as a whole.
  const subjectWidth = Math.min(64, Math.max(9, ...findings.map((finding) => finding.subject.length)) + 2);
  const width = Math.max(40, columns - subjectWidth - 36);
  const table = new Table({
    head: ["Check", "Subject", "Status", "Finding and fix"],
    style: { head: [], border: [], compact: true },
    colWidths: [null, subjectWidth, null, width],
    wordWrap: true,
  });
  const worstLast = [...findings].sort(
    (left, right) => order.indexOf(right.status) - order.indexOf(left.status),
  );
  for (const { check, subject, status, message, fix } of worstLast) {
    table.push(
      [check, subject, status, fix ? `${message}\nFix: ${fix}` : message].map((text, index) =>
        index === 3 ? text.split("\n").map(printable).join("\n") : printable(text),
      ),
    );
  }
  return `${table.toString()}\n${summary(findings)}`;
}

export function formatJson(stack: string, after: boolean, findings: readonly Reported[]): string {
  return JSON.stringify({ stack, after, ok: exitCodeOf(findings) === 0, findings }, undefined, 2);
}
