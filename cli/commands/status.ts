import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { environments, type Environment } from "../../config/environment";
import { CliError, RefusedError } from "../errors";
import { findRoot } from "../git";
import { fetchBase } from "../promotion/deliver";
import { recordHealth } from "../promotion/health-record";
import { loadSettings } from "../settings";
import { advice } from "../status/advice";
import { collectStatus } from "../status/collect";
import { formatJson, formatTable } from "../status/format";
import { renderPage } from "../status/page";
import { showProgress } from "../progress";
import { withNotes } from "./options";

interface Options {
  readonly environment?: Environment;
  readonly json?: boolean;
  readonly html?: string;
  readonly record?: boolean;
  readonly failOnDrift?: boolean;
}

async function run(options: Options): Promise<void> {
  const cwd = await findRoot(process.cwd());
  const settings = loadSettings(cwd);
  if (options.html !== undefined && !existsSync(dirname(options.html)))
    throw new CliError(`--html ${options.html}: there is no such folder; make it first`);
  const commit = await showProgress(`fetching ${settings.git.remote}`, fetchBase(cwd, settings));
  const wanted = options.environment ? [options.environment] : environments;
  const status = await showProgress("asking the clusters", collectStatus(cwd, commit, settings, wanted));
  process.stdout.write(`${options.json ? formatJson(status) : formatTable(status)}\n`);
  if (!options.json) for (const line of advice(status.rows)) process.stdout.write(`\n${line}\n`);
  if (options.html !== undefined) await writeFile(options.html, renderPage(status));
  if (options.record) await recordHealth(cwd, settings.git.remote, status.healthy);
  for (const reason of status.unreadable) process.stderr.write(`${reason}\n`);
  const drifted = status.rows.filter(({ drift, freeze }) => drift || freeze);
  if (options.failOnDrift && drifted.length > 0) {
    throw new RefusedError(
      `${drifted.length} of ${status.rows.length} differ from git, are frozen or cannot be read.`,
    );
  }
}

export function statusCommand(): Command {
  const command = new Command("status")
    .description(
      "Show image in git and live, sync, health, rollout step, last promotion, age and drift of every service.",
    )
    .addOption(new Option("--environment <name>", "only this one").choices(environments))
    .option("--json", "machine-readable")
    .option("--html <file>", "also write one self-contained page")
    .option("--record", "keep on record, in git, which images are healthy now; rollbacks need the record")
    .option("--fail-on-drift", "exit 1 where a cluster differs from git or cannot be read")
    .action(run);
  return withNotes(
    command,
    ["status", "status --environment production --json", "status --html status.html"],
    ["KUBECONFIG"],
  );
}
