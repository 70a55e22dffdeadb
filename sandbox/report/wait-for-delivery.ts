import { setTimeout as delay } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { SandboxError } from "../errors";
import { type ApplicationStatus, listApplications } from "./applications";

const timeoutMilliseconds = 300_000;

/** Which Applications Argo CD has not delivered yet; `isCurrent` judges the commit that each of them is at. */
export async function undelivered(
  applications: readonly ApplicationStatus[],
  isCurrent: (revision: string) => Promise<boolean>,
): Promise<ApplicationStatus[]> {
  const judged = await Promise.all(
    applications.map(async (application) => {
      const { sync, health, revision } = application;
      const delivered = sync === "Synced" && health === "Healthy" && (await isCurrent(revision));
      return delivered ? [] : [application];
    }),
  );
  return judged.flat();
}

function describe({ name, sync, health, revision, reason }: ApplicationStatus): string {
  return `  ${name}: ${sync}, ${health}, at ${revision.slice(0, 12) || "no commit"}${reason && `: ${reason}`}`;
}

/**
 * Waits until every wanted Application is there and delivered.
 *
 * @param wanted names that must be among them, known from git rather than from the cluster.
 * @param isCurrent whether a commit is the wanted one, asked anew each time since commits may arrive meanwhile.
 */
export async function waitForDelivery(
  kubeConfig: KubeConfig,
  wanted: readonly string[],
  isCurrent: (revision: string) => Promise<boolean>,
  report: (line: string) => void,
): Promise<ApplicationStatus[]> {
  const deadline = Date.now() + timeoutMilliseconds;
  for (;;) {
    const applications = await listApplications(kubeConfig);
    const missing = wanted.filter((name) => !applications.some((application) => application.name === name));
    const open = await undelivered(applications, isCurrent);
    if (missing.length === 0 && open.length === 0) return applications;
    report(
      `${applications.length - open.length} of ${applications.length + missing.length} Synced and Healthy · ` +
        [...missing, ...open.map(({ name }) => name)].slice(0, 3).join(", "),
    );
    if (Date.now() > deadline) {
      throw new SandboxError(
        [
          `Argo CD has not delivered everything within ${timeoutMilliseconds / 60_000} minutes:`,
          ...missing.map((name) => `  ${name}: there is no such Application`),
          ...open.map(describe),
        ].join("\n"),
        "Mend the cause in git and commit, or run `make up` again to wait longer; `make status` shows the logs' folder.",
      );
    }
    await delay(500);
  }
}
