import type { Environment } from "../../config/environment";
import { listRefs, push } from "../git";

/**
 * Proof that an image was healthy stands in git as a ref beside the branches, so that it survives the cluster:
 * `refs/platform/healthy/<environment>/<service>/<commit>` names the commit that brought the image there.
 */
const prefix = "refs/platform/healthy";

/** To be fetched with the branches. */
export const healthRefs = `+${prefix}/*:${prefix}/*`;

export interface HealthRecord {
  readonly environment: Environment;
  readonly service: string;
  /** The commit with which the environment's image file began to state the image. */
  readonly commit: string;
}

function refOf({ environment, service, commit }: HealthRecord): string {
  return `${prefix}/${environment}/${service}/${commit}`;
}

/** The commits whose image of a service was once healthy in an environment, as last fetched. */
export async function readHealthRecords(
  cwd: string,
  environment: Environment,
  service: string,
): Promise<Set<string>> {
  const refs = await listRefs(cwd, `${prefix}/${environment}/${service}`);
  return new Set(refs.values());
}

/**
 * Adds what is not recorded yet. A record is evidence beside the delivery itself, so a remote that refuses it is a
 * warning; somebody who adds the same record at the same time is no fault at all.
 */
export async function recordHealth(
  cwd: string,
  remote: string,
  records: readonly HealthRecord[],
): Promise<void> {
  const known = await listRefs(cwd, prefix);
  for (const record of records) {
    const ref = refOf(record);
    if (known.has(ref)) continue;
    try {
      await push(cwd, remote, record.commit, ref, undefined);
    } catch (error) {
      process.stderr.write(`Health of ${record.service} was not recorded: ${(error as Error).message}\n`);
      return;
    }
  }
}
