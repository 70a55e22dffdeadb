import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ArgoCdConfig } from "../../../config/schema";
import { concernsAll } from "../../../config/rules";
import { minutesOpen } from "../../../config/sync-windows";
import { matchesAny } from "../../cluster/sync-window";
import type { Check, DoctorContext } from "../context";
import { type Finding, ok, warning } from "../finding";

type SyncWindow = ArgoCdConfig["syncWindows"][number];

/** What a window really does, against the other windows and the Applications that there will be. */
export function judgeWindow(
  index: number,
  windows: readonly SyncWindow[],
  applications: readonly string[],
): Finding {
  const window = windows[index]!;
  const subject = `argocd.syncWindows[${index}]`;
  const idle = window.applications.filter((pattern) => !matchesAny([pattern], applications));
  if (applications.length > 0 && idle.length > 0) {
    return warning(
      subject,
      `names ${idle.map((pattern) => `"${pattern}"`).join(", ")}, which fits no Application`,
      `correct applications; there will be ${applications.join(", ")}`,
    );
  }
  const denying = windows.filter((other) => other.kind === "deny" && concernsAll(other, window.applications));
  if (window.kind === "deny") return ok(subject, `denies ${minutesOpen(window, []).open} minutes a year`);
  const { open, denied } = minutesOpen(window, denying);
  return ok(subject, `is open ${open} minutes a year, ${denied} of which other windows deny`);
}

/** The Applications that the ApplicationSet will generate: one per overlay folder and cluster. */
function applicationsOf({ stack, environment, clusters }: DoctorContext): string[] {
  const folder = join(stack.directory, "infrastructure", "k8s", "overlays", environment);
  if (!existsSync(folder)) return [];
  const services = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return services.flatMap(({ name }) => clusters.map((cluster) => `${name}-${cluster.name}`));
}

/** A window that concerns nobody, or another time than meant, is noticed when it is needed. */
export const syncWindowsCheck: Check = {
  name: "sync-windows",
  run: (context) => {
    const { syncWindows } = context.config.argocd;
    if (syncWindows.length === 0)
      return Promise.resolve([ok("argocd.syncWindows", "are none; services are delivered at any time")]);
    const applications = applicationsOf(context);
    return Promise.resolve(syncWindows.map((_, index) => judgeWindow(index, syncWindows, applications)));
  },
};
