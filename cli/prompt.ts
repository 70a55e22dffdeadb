import { createInterface } from "node:readline/promises";
import { CliError } from "./errors";

/** @throws CliError where nobody can answer. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CliError("Nobody can confirm here; run it with --yes, or with --dry-run to see the plan");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
