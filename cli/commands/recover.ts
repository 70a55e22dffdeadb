import { Command, Option } from "commander";
import { environments, type Environment } from "../../config/environment";
import { loadStack } from "../doctor/load-stack";
import { CliError } from "../errors";
import { findStack } from "../pulumi";
import { thisHost } from "../recover/lock";
import { engineOf, recover } from "../recover/recover";

interface Options {
  readonly stack: Environment;
  readonly yes: boolean;
  readonly directory?: string;
}

async function run(options: Options): Promise<void> {
  const now = new Date();
  const stack = findStack(options.directory ?? process.cwd(), options.stack);
  const { config, clusters, findings } = await loadStack(stack, now);
  if (!config) {
    const problems = findings.map(({ subject, message, fix }) => `  ${subject}: ${message}; ${fix}`);
    throw new CliError(["The stack file must be right first:", ...problems].join("\n"));
  }
  await recover({
    stack,
    engine: engineOf(stack),
    clusters: new Map(clusters.map(({ name, api }) => [name, api])),
    host: thisHost,
    now,
    execute: options.yes,
    say: (line) => process.stdout.write(`${line}\n`),
  });
}

/** `platform recover`: 0 when there is nothing to do or all is done, 1 when a person must decide, 2 when something cannot be read. */
export function recoverCommand(): Command {
  return new Command("recover")
    .description("Take what a killed `pulumi up` has made into the state, and forget what it has not made.")
    .addOption(new Option("--stack <name>", "which one").choices(environments).makeOptionMandatory())
    .option("--yes", "do it; without, the plan is only printed", false)
    .option("--directory <folder>", "where Pulumi.yaml is; the nearest one above when omitted")
    .action(run);
}
