import { aborted, inconclusive } from "../cluster/rollout";
import type { StatusRow } from "./row";

const runbook = "docs/runbooks/canary-aborted.md";

function adviceFor({ environment, service, cluster, git, step = "" }: StatusRow): string[] {
  const where = `${service} in ${environment} on ${cluster}`;
  const back = `npx platform rollback --service ${service} --environment ${environment}`;
  if (step.startsWith(aborted)) {
    return [
      `${where}: the canary was aborted. Users are on the version before, but git still asks for ${git}: run ${back} --reason "canary aborted", or commit a corrected version (${runbook}).`,
    ];
  }
  if (step.includes(inconclusive)) {
    return [
      `${where}: the canary waits for you, since its figures said neither good nor bad. Let it go on by resuming the Rollout, or run ${back} (${runbook}).`,
    ];
  }
  return [];
}

/** What people have to do, in git above all, where a cluster cannot go on by itself. */
export function advice(rows: readonly StatusRow[]): string[] {
  return rows.flatMap(adviceFor);
}
