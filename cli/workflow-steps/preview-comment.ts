import { appendFileSync } from "node:fs";
import { CliError } from "../errors";
import { connectGitHub } from "../github";
import { renderReport } from "./report";
import { readSections, requireVariable, runUrl } from "./sections";

/** Writes what the previews said into the one comment of the pull request; fails where one of them did. */
async function main(): Promise<void> {
  const sections = readSections(requireVariable("SECTIONS_FOLDER"), requireVariable("SECTIONS").split(" "));
  const report = renderReport("Preview", sections, runUrl());
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary) appendFileSync(summary, `${report}\n`);
  const number = process.env["PULL_REQUEST"];
  if (number)
    await connectGitHub(requireVariable("GITHUB_REPOSITORY")).comment(Number(number), "preview", report);
  const failed = sections.filter(({ exitCode }) => exitCode !== 0).map(({ title }) => title);
  if (failed.length > 0) throw new CliError(`Failed: ${failed.join(", ")}`, 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CliError ? error.exitCode : 2;
});
