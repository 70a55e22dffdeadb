import Table from "cli-table3";
import { Command } from "commander";
import { environments } from "../../config/environment";
import { loadExemptions } from "../../policy-pack/exemptions";
import { policiesDocument } from "../../policy-pack/document";
import { levelOf } from "../../policy-pack/levels";
import { rules } from "../../policy-pack/rules";

interface Options {
  readonly markdown: boolean;
  readonly json: boolean;
}

function rows() {
  return rules.map(({ id, title, severity, why, fix, link }) => ({
    id,
    title,
    severity,
    levels: Object.fromEntries(environments.map((environment) => [environment, levelOf(id, environment)])),
    why,
    fix,
    link,
  }));
}

function table(): string {
  const head = ["Rule", "What it demands", ...environments, "Read more"];
  const output = new Table({ head, style: { head: [], border: [] } });
  for (const { id, title, levels, link } of rows()) output.push([id, title, ...Object.values(levels), link]);
  return output.toString();
}

function run({ markdown, json }: Options): void {
  const text = json
    ? JSON.stringify(rows(), null, 2)
    : markdown
      ? policiesDocument(loadExemptions()).trimEnd()
      : table();
  process.stdout.write(`${text}\n`);
}

/** `platform policies`: every rule with its level per environment. */
export function policiesCommand(): Command {
  return new Command("policies")
    .description("List the policy rules with their level per environment and where to read more.")
    .option("--json", "machine-readable", false)
    .option("--markdown", "what docs/policies.md holds", false)
    .action(run);
}
