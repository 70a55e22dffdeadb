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
import { collectText, githubOf, parseSeconds } from "./options";

interface Options {
  readonly service: string;
  readonly environment: string;
  readonly to?: string;
  readonly reason?: string;
  readonly approvedBy: string[];
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
  const delivered = await rollback({
    cwd,
    settings,
    github: githubOf(settings, options.dryRun),
    request: { service, environment, to: options.to },
    approvers: options.approvedBy,
    reason: options.reason,
    dryRun: options.dryRun,
    confirm: async () => options.yes || confirm(`Roll back ${service} in ${environment}?`),
    print,
  });
  if (delivered.kind === "planned") return print("Dry run: nothing was written.");
  if (delivered.kind === "nothing") return print("Nothing to roll back.");
  const { image } = delivered.change.target;
  if (delivered.kind === "proposed") {
    print(`Pull request: ${delivered.pullRequest.url}`);
    print("It is live only after the merge; platform emergency-rollback does not wait for that.");
    return notify(
      `Rollback of ${service} in ${environment} to ${image.tag} waits for review: ${delivered.pullRequest.url}`,
    );
  }
  await waitUntilLive(
    connectArgoCd(environment, settings.environments[environment]),
    environment,
    service,
    image,
    options.wait,
  );
  print(`${service} ${image.tag} is live and healthy in ${environment}.`);
  await recordHealth(cwd, settings.git.remote, [{ environment, service, commit: delivered.commit }]);
  await notify(`Rollback of ${service} in ${environment} to ${image.tag} is live.`);
}

export function rollbackCommand(): Command {
  return new Command("rollback")
    .description(
      "Return a service to an image that was once healthy in that environment: the inverse commit, verified live.",
    )
    .requiredOption("--service <name>")
    .requiredOption("--environment <name>")
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
      [],
    )
    .option("--yes", "do not ask", false)
    .option("--dry-run", "show plan and gates, write nothing", false)
    .option("--wait <seconds>", "how long to wait until it is live", parseSeconds, 600)
    .action(run);
}
