import { Argument, Command, Option } from "commander";
import { type Environment, environments } from "../../config/environment";
import type { ExitCode } from "../errors";
import { findRoot } from "../git";
import { checkPaths } from "../manifests/check-paths";
import { checkRepository, type CheckResult } from "../manifests/check-repository";
import { type Finding, readable, sortFindings } from "../manifests/finding";
import { type Format, formats, report } from "../manifests/report";

interface Options {
  readonly environment?: Environment;
  readonly format: Format;
}

function exitCode(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ rule }) => rule === readable)) return 2;
  return findings.some(({ level }) => level === "mandatory") ? 1 : 0;
}

async function run(paths: readonly string[], { environment, format }: Options): Promise<void> {
  const cwd = process.cwd();
  const result: CheckResult =
    paths.length > 0 ? await checkPaths(paths, environment, cwd) : await checkRepository(await findRoot(cwd));
  const findings = sortFindings(result.findings);
  process.stdout.write(`${report({ ...result, findings }, format)}\n`);
  process.exitCode = exitCode(findings);
}

/** `platform check`: 0 when no mandatory rule is broken, 1 when one is, 2 when something cannot be read or built. */
export function checkCommand(): Command {
  return new Command("check")
    .description(
      "Build every overlay, validate each object against its schema and evaluate the policy rules.",
    )
    .addArgument(
      new Argument(
        "[paths...]",
        "manifest files or folders, - for the standard input; the whole repository when none is given",
      ),
    )
    .addOption(
      new Option(
        "--environment <name>",
        "whose levels the rules take; each object's own when omitted",
      ).choices(environments),
    )
    .addOption(new Option("--format <format>", "how to write the findings").choices(formats).default("human"))
    .action(run);
}
