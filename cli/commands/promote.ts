import { Command } from "commander";
import { connectArgoCd } from "../cluster/argo-cd";
import type { Environment } from "../../config/environment";
import { CliError } from "../errors";
import { findRoot } from "../git";
import { requirePlainText } from "../promotion/commit-message";
import type { Delivered } from "../promotion/deliver";
import { recordHealth } from "../promotion/health-record";
import { waitForBranch, waitUntilLive } from "../promotion/live";
import { parseEnvironmentName, parseServiceName } from "../promotion/overlay";
import { environmentBefore } from "../promotion/plan";
import { promotePlatform } from "../promotion/platform";
import { promote, type PromotionChange } from "../promotion/promote";
import { confirm } from "../prompt";
import { loadSettings, type Settings } from "../settings";
import { notify } from "../slack";
import { collectText, githubOf, parseSeconds, withNotes } from "./options";
import { Output, type Result } from "../output";

interface Options {
  readonly from?: string;
  readonly to: string;
  readonly service?: string[];
  readonly ready?: boolean;
  readonly platform?: boolean;
  readonly approvedBy?: string[];
  readonly emergency?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: number;
  readonly json?: boolean;
}

async function run(options: Options, output: Output): Promise<Result> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  const to = parseEnvironmentName(options.to);
  const request = {
    from: options.from === undefined ? environmentBefore(to) : parseEnvironmentName(options.from),
    to,
    services: (options.service ?? []).map(parseServiceName),
    skip: options.emergency !== undefined,
  };
  const dryRun = options.dryRun ?? false;
  const common = {
    cwd,
    settings,
    github: githubOf(settings, dryRun),
    request,
    dryRun,
    approvers: options.approvedBy ?? [],
    emergency: options.emergency,
    confirm: async () => options.yes || confirm(`Promote to ${to}?`),
    print: output.print,
    show: output.show,
  };
  if (options.platform) {
    if (options.ready) throw new CliError("--ready chooses among services; leave it out with --platform");
    return report(await promotePlatform(common), to, output);
  }
  const delivered = await promote({ ...common, ready: options.ready ?? false });
  const result = output.reach(await report(delivered, to, output));
  const live =
    options.wait !== undefined &&
    (await verify(delivered, { cwd, settings, to, wait: options.wait }, output));
  return live ? { ...result, live } : result;
}

async function report(
  delivered: Delivered<Pick<PromotionChange, "files" | "message" | "head" | "labels">>,
  to: Environment,
  { print }: Output,
): Promise<Result> {
  const outcome = delivered.kind;
  switch (outcome) {
    case "nothing":
      print(`Nothing to promote: ${to} already has it.`);
      return { outcome };
    case "planned":
      print("Dry run: nothing was written.");
      return { outcome };
    case "pushed":
      print(`Pushed ${delivered.commit.slice(0, 10)}; Argo CD delivers it to ${to}.`);
      print(`See it arrive: npx platform status --environment ${to}`);
      await notify(`${delivered.change.message.subject} was pushed.`);
      return { outcome, commit: delivered.commit };
    case "proposed": {
      const { pullRequest, commit } = delivered;
      print(`Pull request${pullRequest.reused ? ", open already" : ""}: ${pullRequest.url}`);
      await notify(`${delivered.change.message.subject} waits for review: ${pullRequest.url}`);
      return { outcome, commit, pullRequest };
    }
  }
}

/** Waits until what was pushed, or proposed and then merged, is live and healthy, and keeps that on record. */
async function verify(
  delivered: Delivered<PromotionChange>,
  where: {
    readonly cwd: string;
    readonly settings: Settings;
    readonly to: Environment;
    readonly wait: number;
  },
  { print }: Output,
): Promise<boolean> {
  if (delivered.kind !== "pushed" && delivered.kind !== "proposed") return false;
  const { cwd, settings, to, wait } = where;
  const argoCd = connectArgoCd(to, settings.environments[to]);
  for (const { service, after } of delivered.change.plan.changes) {
    const commit = await waitForBranch({ cwd, settings, wait }, to, service, after, "Merge the pull request");
    await waitUntilLive(argoCd, to, service, after, wait);
    print(`${service} ${after.tag} is live and healthy in ${to}.`);
    await recordHealth(cwd, settings.git.remote, [{ environment: to, service, commit }]);
  }
  return true;
}

export function promoteCommand(): Command {
  const command = new Command("promote")
    .description(
      "Carry images from one environment to the next. Shows the plan and every gate before it writes.",
    )
    .option("--from <environment>", "where the images are proved; omitted, the environment before --to")
    .requiredOption("--to <environment>", "the environment that receives them")
    .option("--service <name>", "only this service; may be repeated", collectText)
    .option("--ready", "only the services that every gate lets pass; the others stay for later")
    .option("--platform", "carry the platform's own versions instead of images")
    .option(
      "--approved-by <name>",
      "who approved it, where no pull request is reviewed; may be repeated",
      collectText,
    )
    .option(
      "--emergency <reason>",
      "skip an environment; the reason is recorded in the commit",
      (text: string) => requirePlainText(text, "--emergency"),
    )
    .option("--yes", "do not ask")
    .option("--dry-run", "show plan and gates, write nothing")
    .option("--wait <seconds>", "wait until it is merged, live and healthy", parseSeconds)
    .option("--json", "machine-readable: outcome, changes, every gate's figures, commit, pull request")
    .action((options: Options) => {
      const output = new Output(options.json ?? false);
      return output.of(() => run(options, output));
    });
  return withNotes(
    command,
    [
      "promote --to staging --dry-run",
      "promote --from dev --to staging --service bff",
      "promote --to production --service bff --approved-by grace --wait 600",
      "promote --to staging --ready --yes --json",
      "promote --platform --to staging",
    ],
    ["KUBECONFIG", "GITHUB_TOKEN", "PROMETHEUS_TOKEN", "REGISTRY_AUTH", "SLACK_WEBHOOK_URL"],
  );
}
