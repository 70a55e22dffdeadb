import { Command } from "commander";
import { CliError } from "../errors";
import { findRoot } from "../git";
import { requirePlainText } from "../promotion/commit-message";
import { emergencyRollback } from "../promotion/emergency-rollback";
import { parseEnvironmentName, parseServiceName } from "../promotion/overlay";
import { confirm } from "../prompt";
import { loadSettings } from "../settings";
import { notify } from "../slack";
import { githubOf, parseSeconds } from "./options";

interface Options {
  readonly service: string;
  readonly environment: string;
  readonly to?: string;
  readonly reason: string;
  readonly pushDirectly?: string;
  readonly despiteGates: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly wait: number;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(options: Options): Promise<void> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  const service = parseServiceName(options.service);
  const environment = parseEnvironmentName(options.environment);
  const { reason, pushDirectly, despiteGates, dryRun, wait } = options;
  const github = pushDirectly === undefined ? githubOf(settings, dryRun) : undefined;
  if (!github && pushDirectly === undefined && !dryRun) {
    throw new CliError(
      "Without a pull request the change goes to the branch itself; give the reason with --push-directly",
    );
  }
  const image = await emergencyRollback({
    cwd,
    settings,
    github,
    request: { service, environment, to: options.to },
    reason,
    pushDirectly,
    despiteGates,
    dryRun,
    wait,
    confirm: async () => options.yes || confirm(`Freeze and roll back ${service} in ${environment}?`),
    print,
  });
  if (dryRun) return print("Dry run: nothing was written.");
  await notify(`Emergency rollback of ${service} in ${environment} to ${image.tag} is done: ${reason}`);
}

export function emergencyRollbackCommand(): Command {
  const plain = (option: string) => (text: string) => requirePlainText(text, option);
  return new Command("emergency-rollback")
    .description(
      "Freeze, pin in git, sync, verify live, unfreeze. Run the same command again to go on after an interruption.",
    )
    .requiredOption("--service <name>")
    .requiredOption("--environment <name>")
    .requiredOption(
      "--reason <text>",
      "recorded in the commit and on the frozen Applications",
      plain("--reason"),
    )
    .option(
      "--to <commit-or-version>",
      "omitted, the newest healthy version before the present",
      plain("--to"),
    )
    .option(
      "--push-directly <why>",
      "push to the branch without a review; recorded in the commit",
      plain("--push-directly"),
    )
    .option("--despite-gates", "go on although image or policy gate say no; recorded in the commit", false)
    .option("--yes", "do not ask", false)
    .option("--dry-run", "show the plan, write nothing", false)
    .option("--wait <seconds>", "how long to wait for each step", parseSeconds, 600)
    .action(run);
}
