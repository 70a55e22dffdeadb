import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../config/environment";
import type { Application } from "../cluster/application";
import type { ArgoCd } from "../cluster/argo-cd";
import { RefusedError } from "../errors";
import { deployedFault } from "../gates/deployed";
import { readFileAt } from "../git";
import { WaitingLine } from "../progress";
import type { Settings } from "../settings";
import { fetchBase } from "./deliver";
import { imageReference, type Image } from "./image";
import { readImage } from "./image-file";
import { imagePath } from "./overlay";

/** Seconds between two looks at a cluster. */
const interval = 1;

/** Asks again and again until `answer` is undefined, or says why it never was. */
export async function waitUntil(
  answer: () => Promise<string | undefined>,
  timeoutSeconds: number,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const line = new WaitingLine();
  for (;;) {
    const missing = await answer();
    if (missing === undefined) return;
    line.show(missing);
    if (Date.now() > deadline) throw new RefusedError(`After ${timeoutSeconds} s: ${missing}`);
    await sleep(interval * 1000);
  }
}

/** Asks Argo CD to compare with git now; at most every ten seconds, since a comparison is work for its servers. */
export function refresher(argoCd: ArgoCd): (applications: readonly Application[]) => Promise<void> {
  let next = 0;
  return async (applications) => {
    if (Date.now() < next) return;
    next = Date.now() + 10_000;
    for (const { name } of applications) await argoCd.refresh(name);
  };
}

/** Waits until every cluster of the environment runs exactly this image, Synced and Healthy. */
export async function waitUntilLive(
  argoCd: ArgoCd,
  environment: Environment,
  service: string,
  image: Image,
  timeoutSeconds: number,
): Promise<void> {
  const refresh = refresher(argoCd);
  await waitUntil(async () => {
    const applications = await argoCd.listApplications(service);
    if (applications.length === 0) return `Argo CD has no Application of ${service} in ${environment}`;
    await refresh(applications);
    const faults = applications.flatMap((application) => {
      const fault = deployedFault(application, image);
      return fault ? [`${application.name} ${fault}`] : [];
    });
    return faults.length > 0 ? faults.join("; ") : undefined;
  }, timeoutSeconds);
}

/**
 * Waits until the branch itself states an image, which for a pull request is the merge.
 *
 * @param hint what somebody has to do for that.
 * @returns the commit of the branch that states it.
 */
export async function waitForBranch(
  where: { readonly cwd: string; readonly settings: Settings; readonly wait: number },
  environment: Environment,
  service: string,
  image: Image,
  hint: string,
): Promise<string> {
  const path = imagePath(environment, service);
  let base = "";
  await waitUntil(async () => {
    base = await fetchBase(where.cwd, where.settings);
    const text = await readFileAt(where.cwd, base, path);
    const stated = text === undefined ? "nothing" : imageReference(readImage(text, path));
    return stated === imageReference(image) ? undefined : `git still states ${stated}. ${hint}`;
  }, where.wait);
  return base;
}
