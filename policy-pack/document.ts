import { environments } from "../config/environment";
import type { Exemption } from "./exemptions";
import { levelOf } from "./levels";
import { remediations } from "./remediations";
import { rules } from "./rules";

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...body.map(row)].join("\n");
}

/** What docs/policies.md holds: every rule with its level and reason, and every exemption. */
export function policiesDocument(exemptions: readonly Exemption[]): string {
  const levels = rules.map(({ id, title, severity, link }) => [
    id,
    `[${title}](${link})`,
    severity,
    ...environments.map((environment) => levelOf(id, environment)),
  ]);
  const reasons = rules.map(({ id, why, fix }) => `### ${id}\n\n${why}\n\nFix: ${fix}`);
  const exempted = exemptions.map(
    ({ rule, kind, namespace, name, environments: only, reason, owner, expires }) => [
      rule,
      `${kind} ${namespace}/${name}`,
      only?.join(", ") ?? "all",
      reason,
      owner,
      expires,
    ],
  );
  const comparing = rules.filter((rule) => rule.checkAll).map(({ id }) => id);
  return `# Policies

Written by \`npx platform policies --markdown > docs/policies.md && npx prettier --write docs/policies.md\`; a test fails
when it is stale. Advisory is shown, mandatory stops the run before anything is written, off is not evaluated. The same
rules judge what Pulumi applies (\`pulumi preview --policy-pack policy-pack\`) and what git delivers (\`npx platform check\`).
\`--policy-pack-config <file>\` changes the level of a policy, as in \`{"N1": "advisory", "W3-advisory": "mandatory"}\`:
where a rule is advisory in an environment, \`-advisory\` stands behind its name. What compares objects is a policy of its
own, with \`-stack\` behind the rule, as \`N3-stack\` and \`W8-stack-advisory\`: ${comparing.join(", ")}. ${[...remediations.keys()].join(" and ")} can also
be set to \`remediate\`; they then set what is missing. Which threat each rule stands against: [threats.md](threats.md).

Where a mandatory rule meets a value that is only known during the update, the preview fails. Two texts are made during
the update by their nature, and are judged just before they are written instead: the \`config\` of a cluster Secret, which
holds a token (A8), and a kubeconfig (U2).

${table(["Rule", "What it demands", "Severity", ...environments], levels)}

## Why, and what to do

${reasons.join("\n\n")}

## Exemptions

Kept in \`policy-pack/exemptions.yaml\`. One that has expired, or that nothing needs any more, is a violation.

${table(["Rule", "Object", "Environments", "Reason", "Owner", "Expires"], exempted)}
`;
}
