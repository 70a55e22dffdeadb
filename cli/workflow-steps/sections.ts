import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { CliError } from "../errors";
import type { Section } from "./report";

/**
 * The sections in a folder: for each, `<title>.txt` or `<title>.md` with what a step printed and `<title>.exit` with
 * its exit code.
 *
 * @param wanted what must be there: a section that is missing, because its job died, counts as failed.
 */
export function readSections(folder: string, wanted: readonly string[]): Section[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  const found = files
    .filter((file) => /\.(txt|md)$/.test(file))
    .map((file) => {
      const stem = join(folder, file).replace(/\.(txt|md)$/, "");
      const text = readFileSync(join(folder, file), "utf8");
      return { title: basename(stem), exitCode: readExitCode(stem), text, markdown: file.endsWith(".md") };
    });
  const missing = wanted.filter((title) => !found.some((section) => section.title === title));
  const text = "This step did not run to its end.";
  return [...found, ...missing.map((title) => ({ title, exitCode: 1, text, markdown: false }))];
}

function readExitCode(stem: string): number {
  try {
    const code = Number(readFileSync(`${stem}.exit`, "utf8").trim() || Number.NaN);
    if (Number.isInteger(code)) return code;
  } catch {
    // Said below, like a file that holds no number.
  }
  throw new CliError(`${stem}.exit holds no exit code; the step did not run to its end`);
}

/** @throws CliError where a variable that GitHub Actions always sets is missing. */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new CliError(`${name} is not set; this runs in GitHub Actions`);
  return value;
}

/** Address of the present run, for the reader of a comment. */
export function runUrl(): string {
  return `${requireVariable("GITHUB_SERVER_URL")}/${requireVariable("GITHUB_REPOSITORY")}/actions/runs/${requireVariable("GITHUB_RUN_ID")}`;
}
