import { Command } from "commander";
import { connectArgoCd } from "../cluster/argo-cd";
import { findRoot } from "../git";
import { requirePlainText } from "../promotion/commit-message";
import { recordHealth } from "../promotion/health-record";
import { waitUntilLive } from "../promotion/live";
import { parseEnvironmentName, parseServiceName } from "../promotion/overlay";
import { promotePlatform } from "../promotion/platform";
import { promote } from "../promotion/promote";
import { confirm } from "../prompt";
import { loadSettings } from "../settings";
import { notify } from "../slack";
import { collectText, githubOf, parseSeconds } from "./options";

interface Options {
  readonly from: string;
  readonly to: string;
  readonly service: string[];
  readonly platform: boolean;
  readonly approvedBy: string[];
  readonly emergency?: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly wait?: number;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(options: Options): Promise<void> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  const request = {
    from: parseEnvironmentName(options.from),
    to: parseEnvironmentName(options.to),
    services: options.service.map(parseServiceName),
    skip: options.emergency !== undefined,
  };
  const common = {
    cwd,
    settings,
    github: githubOf(settings, options.dryRun),
    request,
    dryRun: options.dryRun,
    approvers: options.approvedBy,
    emergency: options.emergency,
    confirm: async () => options.yes || confirm(`Promote to ${request.to}?`),
    print,
  };
  if (options.platform) {
    const delivered = await promotePlatform(common);
    return report(
      delivered.kind,
      request.to,
      delivered.kind === "proposed" ? delivered.pullRequest.url : undefined,
    );
  }
  const delivered = await promote(common);
  await report(
    delivered.kind,
    request.to,
    delivered.kind === "proposed" ? delivered.pullRequest.url : undefined,
  );
  if (delivered.kind !== "pushed" || options.wait === undefined) return;
  const argoCd = connectArgoCd(request.to, settings.environments[request.to]);
  for (const { service, after } of delivered.change.plan.changes) {
    await waitUntilLive(argoCd, request.to, service, after, options.wait);
    print(`${service} ${after.tag} is live and healthy in ${request.to}.`);
    await recordHealth(cwd, settings.git.remote, [
      { environment: request.to, service, commit: delivered.commit },
    ]);
  }
}

async function report(kind: string, to: string, url: string | undefined): Promise<void> {
  switch (kind) {
    case "nothing":
      return print(`Nothing to promote: ${to} already has it.`);
    case "planned":
      return print("Dry run: nothing was written.");
    case "pushed":
      print(`Pushed; Argo CD delivers it to ${to}.`);
      return notify(`Promotion to ${to} was pushed.`);
    default:
      print(`Pull request: ${url}`);
      return notify(`Promotion to ${to} waits for review: ${url}`);
  }
}

export function promoteCommand(): Command {
  return new Command("promote")
    .description(
      "Carry images from one environment to the next. Shows the plan and every gate before it writes.",
    )
    .requiredOption("--from <environment>", "where the images are proved")
    .requiredOption("--to <environment>", "the environment right after it")
    .option("--service <name>", "only this service; may be repeated", collectText, [])
    .option("--platform", "carry the platform's own versions instead of images", false)
    .option(
      "--approved-by <name>",
      "who approved it, where no pull request is reviewed; may be repeated",
      collectText,
      [],
    )
    .option(
      "--emergency <reason>",
      "skip an environment; the reason is recorded in the commit",
      (text: string) => requirePlainText(text, "--emergency"),
    )
    .option("--yes", "do not ask", false)
    .option("--dry-run", "show plan and gates, write nothing", false)
    .option("--wait <seconds>", "after a push, wait until it is live and healthy", parseSeconds)
    .action(run);
}
