import { setTimeout as delay } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { SandboxError } from "../errors";
import { type ApplicationStatus, listApplications } from "./applications";

const timeoutMilliseconds = 300_000;

/** Which Applications Argo CD has not delivered yet, at the wanted commit where one is given. */
export function undelivered(
  applications: readonly ApplicationStatus[],
  revision: string | undefined,
): ApplicationStatus[] {
  return applications.filter(
    (application) =>
      application.sync !== "Synced" ||
      application.health !== "Healthy" ||
      (revision !== undefined && application.revision !== revision),
  );
}

/**
 * Waits until every wanted Application is there and delivered.
 *
 * @param wanted names that must be among them, known from git rather than from the cluster.
 * @param head tells the commit they must be at, asked anew each time since commits may arrive meanwhile; omitted, any.
 */
export async function waitForDelivery(
  kubeConfig: KubeConfig,
  wanted: readonly string[],
  head: (() => Promise<string | undefined>) | undefined,
  report: (line: string) => void,
): Promise<ApplicationStatus[]> {
  const deadline = Date.now() + timeoutMilliseconds;
  for (;;) {
    const applications = await listApplications(kubeConfig);
    const missing = wanted.filter((name) => !applications.some((application) => application.name === name));
    const open = undelivered(applications, await head?.());
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
          ...open.map(
            ({ name, sync, health, reason }) => `  ${name}: ${sync}, ${health}${reason && `: ${reason}`}`,
          ),
        ].join("\n"),
        "Mend the cause in git and commit, or run `make up` again to wait longer; `make status` shows the logs' folder.",
      );
    }
    await delay(500);
  }
}
