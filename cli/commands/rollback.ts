import { Command } from "commander";
import { connectArgoCd } from "../cluster/argo-cd";
import { findRoot } from "../git";
import { requirePlainText } from "../promotion/commit-message";
import { recordHealth } from "../promotion/health-record";
import { waitUntilLive } from "../promotion/live";
import { parseEnvironmentName, parseServiceName } from "../promotion/overlay";
import { rollback } from "../promotion/rollback";
import { confirm } from "../prompt";
import { loadSettings } from "../settings";
import { notify } from "../slack";
import { collectText, githubOf, parseSeconds, withNotes } from "./options";
import { Output, type Result } from "../output";

interface Options {
  readonly service: string;
  readonly environment: string;
  readonly to?: string;
  readonly reason?: string;
  readonly approvedBy?: string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

async function run(options: Options, { print, show, reach }: Output): Promise<Result> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  const service = parseServiceName(options.service);
  const environment = parseEnvironmentName(options.environment);
  const dryRun = options.dryRun ?? false;
  const delivered = await rollback({
    cwd,
    settings,
    github: githubOf(settings, dryRun),
    request: { service, environment, to: options.to },
    approvers: options.approvedBy ?? [],
    reason: options.reason,
    dryRun,
    confirm: async () => options.yes || confirm(`Roll back ${service} in ${environment}?`),
    show,
  });
  const outcome = delivered.kind;
  if (delivered.kind === "planned") {
    print("Dry run: nothing was written.");
    return { outcome };
  }
  if (delivered.kind === "nothing") {
    print("Nothing to roll back.");
    return { outcome };
  }
  const { commit } = delivered;
  const { image } = delivered.change.target;
  if (delivered.kind === "proposed") {
    const { pullRequest } = delivered;
    print(`Pull request: ${pullRequest.url}`);
    print("It is live only after the merge; platform emergency-rollback does not wait for that.");
    await notify(
      `Rollback of ${service} in ${environment} to ${image.tag} waits for review: ${pullRequest.url}`,
    );
    return { outcome, commit, pullRequest };
  }
  reach({ outcome, commit });
  print(`Pushed ${commit.slice(0, 10)}; waiting until it is live.`);
  const argoCd = connectArgoCd(environment, settings.environments[environment]);
  await waitUntilLive(argoCd, environment, service, image, options.wait);
  print(`${service} ${image.tag} is live and healthy in ${environment}.`);
  await recordHealth(cwd, settings.git.remote, [{ environment, service, commit }]);
  await notify(`Rollback of ${service} in ${environment} to ${image.tag} is live.`);
  return { outcome, commit, live: true };
}

export function rollbackCommand(): Command {
  const command = new Command("rollback")
    .description(
      "Return a service to an image that was once healthy in that environment: the inverse commit, verified live.",
    )
    .requiredOption("--service <name>", "the service that goes back")
    .requiredOption("--environment <name>", "the environment in which it does")
    .option(
      "--to <commit-or-version>",
      "omitted, the newest healthy version before the present",
      (text: string) => requirePlainText(text, "--to"),
    )
    .option("--reason <text>", "recorded in the commit", (text: string) => requirePlainText(text, "--reason"))
    .option(
      "--approved-by <name>",
      "who approved it, where no pull request is reviewed; may be repeated",
      collectText,
    )
    .option("--yes", "do not ask")
    .option("--dry-run", "show plan and gates, write nothing")
    .option("--wait <seconds>", "how long to wait until it is live", parseSeconds, 600)
    .option("--json", "machine-readable: outcome, change, every gate's figures, commit, pull request")
    .action((options: Options) => {
      const output = new Output(options.json ?? false);
      return output.of(() => run(options, output));
    });
  return withNotes(
    command,
    [
      "rollback --service bff --environment production --dry-run",
      'rollback --service bff --environment production --reason "checkout fails"',
      "rollback --service bff --environment production --to 1.4.1",
    ],
    ["KUBECONFIG", "GITHUB_TOKEN", "REGISTRY_AUTH", "SLACK_WEBHOOK_URL"],
  );
}
