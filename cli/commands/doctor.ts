import { Command, Option } from "commander";
import { environments, type Environment } from "../../config/environment";
import { checksAfter, checksBefore } from "../doctor/checks/index";
import { loadStack } from "../doctor/load-stack";
import { redactor } from "../doctor/redact";
import { exitCodeOf, formatJson, formatTable } from "../doctor/report";
import { type Reported, runChecks } from "../doctor/run";
import { findStack } from "../pulumi";

interface Options {
  readonly stack: Environment;
  readonly after: boolean;
  readonly json: boolean;
  readonly directory?: string;
}

const timeout = 60_000;
const progressInterval = 2_000;
const narrowTerminal = 140;

async function findings(options: Options): Promise<Reported[]> {
  const now = () => new Date();
  const stack = findStack(options.directory ?? process.cwd(), options.stack);
  const loaded = await loadStack(stack, now());
  const stackFile = loaded.findings.map((finding) => ({ check: "stack-file", ...finding }));
  if (!loaded.config) return stackFile;
  const { config, clusters } = loaded;
  const { after } = options;
  const checked = await runChecks(
    after ? checksAfter() : checksBefore(),
    { environment: options.stack, stack, config, clusters, after, now },
    {
      timeout,
      progressInterval,
      onProgress: (running) => process.stderr.write(`still asking: ${running.join(", ")}\n`),
    },
  );
  const redact = redactor(config.secrets);
  const clean = (finding: Reported): Reported => ({
    ...finding,
    message: redact(finding.message),
    ...(finding.fix !== undefined && { fix: redact(finding.fix) }),
  });
  return [...stackFile, ...checked.map(clean)];
}

async function run(options: Options): Promise<void> {
  const reported = await findings(options);
  const text = options.json
    ? formatJson(options.stack, options.after, reported)
    : formatTable(reported, process.stdout.columns ?? narrowTerminal);
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCodeOf(reported);
}

/** `platform doctor`: 0 when `up` can begin or all is well, 1 when a check says no, 2 when something cannot be read. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "Check, without writing anything, all that `pulumi up` needs; with --after, all that it has made.",
    )
    .addOption(new Option("--stack <name>", "which one").choices(environments).makeOptionMandatory())
    .option("--after", "check what runs, after `up`", false)
    .option("--json", "machine-readable", false)
    .option("--directory <folder>", "where Pulumi.yaml is; the nearest one above when omitted")
    .action(run);
}
