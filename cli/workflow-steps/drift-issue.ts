import { connectGitHub } from "../github";
import { CliError } from "../errors";
import { renderReport } from "./report";
import { readSections, requireVariable, runUrl } from "./sections";

/** Keeps one issue open while something drifts, and closes it when nothing does any more. */
async function main(): Promise<void> {
  const sections = readSections(requireVariable("SECTIONS_FOLDER"), requireVariable("SECTIONS").split(" "));
  const drifting = sections.some(({ exitCode }) => exitCode !== 0);
  const report = renderReport("What runs differs from what git states", sections, runUrl());
  const github = connectGitHub(requireVariable("GITHUB_REPOSITORY"));
  await github.keepIssue(
    "drift",
    "Drift: what runs differs from what git states",
    drifting ? report : undefined,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof CliError ? error.exitCode : 2;
});
