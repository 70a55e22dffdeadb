import { Command } from "commander";
import { CliError } from "../errors";
import { findRoot } from "../git";
import { requirePlainText } from "../promotion/commit-message";
import { emergencyRollback } from "../promotion/emergency-rollback";
import { imageReference } from "../promotion/image";
import { parseEnvironmentName, parseServiceName } from "../promotion/overlay";
import { confirm } from "../prompt";
import { loadSettings } from "../settings";
import { notify } from "../slack";
import { githubOf, parseSeconds, withNotes } from "./options";
import { Output, type Result } from "../output";

interface Options {
  readonly service: string;
  readonly environment: string;
  readonly to?: string;
  readonly reason: string;
  readonly pushDirectly?: string;
  readonly despiteGates?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

async function run(options: Options, { print, show }: Output): Promise<Result> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  const service = parseServiceName(options.service);
  const environment = parseEnvironmentName(options.environment);
  const { reason, pushDirectly, despiteGates = false, dryRun = false, wait } = options;
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
    show,
  });
  const result = { service, environment, image: imageReference(image) };
  if (dryRun) {
    print("Dry run: nothing was written.");
    return { outcome: "planned", ...result };
  }
  await notify(`Emergency rollback of ${service} in ${environment} to ${image.tag} is done: ${reason}`);
  return { outcome: "live", ...result };
}

export function emergencyRollbackCommand(): Command {
  const plain = (option: string) => (text: string) => requirePlainText(text, option);
  const command = new Command("emergency-rollback")
    .description(
      "Freeze, pin in git, sync, verify live, unfreeze. Run the same command again to go on after an interruption.",
    )
    .requiredOption("--service <name>", "the service that goes back")
    .requiredOption("--environment <name>", "the environment in which it does")
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
    .option("--despite-gates", "go on although image or policy gate say no; recorded in the commit")
    .option("--yes", "do not ask")
    .option("--dry-run", "show the plan, write nothing")
    .option("--wait <seconds>", "how long to wait for each step", parseSeconds, 600)
    .option("--json", "machine-readable: outcome, change, every gate's figures, image")
    .action((options: Options) => {
      const output = new Output(options.json ?? false);
      return output.of(() => run(options, output));
    });
  return withNotes(
    command,
    [
      'emergency-rollback --service bff --environment production --reason "checkout fails" --dry-run',
      'emergency-rollback --service bff --environment production --reason "checkout fails"',
      'emergency-rollback --service bff --environment production --reason "checkout fails" --push-directly "nobody is awake to review"',
    ],
    ["KUBECONFIG", "GITHUB_TOKEN", "REGISTRY_AUTH", "SLACK_WEBHOOK_URL"],
  );
}
