import type { Application } from "../cluster/application";
import type { ArgoCd } from "../cluster/argo-cd";
import { canSync } from "../cluster/sync-window";
import { RefusedError } from "../errors";
import { imageReference, type Image } from "./image";

/** Who froze an Application, and to bring which image. */
export interface FreezeNote {
  readonly image: string;
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}

const notePattern = /^rollback to (?<image>\S+) by (?<by>.+) at (?<at>\S+Z): (?<reason>.+)$/;

export function formatNote({ image, by, at, reason }: FreezeNote): string {
  return `rollback to ${image} by ${by} at ${at.toISOString()}: ${reason}`;
}

/** The note of an emergency rollback; undefined for a freeze that something else wrote. */
export function parseNote(text: string): FreezeNote | undefined {
  const groups = notePattern.exec(text)?.groups;
  if (!groups) return undefined;
  return {
    image: groups["image"]!,
    by: groups["by"]!,
    at: new Date(groups["at"]!),
    reason: groups["reason"]!,
  };
}

/** The image of an emergency rollback that was begun and not finished. */
export function unfinishedImage(applications: readonly Application[]): string | undefined {
  const notes = applications.flatMap(({ freeze }) => (freeze ? [parseNote(freeze)] : []));
  return notes.find((note) => note !== undefined)?.image;
}

/** @throws RefusedError where a sync window would hold back even a sync by hand: freezing would then help nobody. */
export async function requireManualSync(
  argoCd: ArgoCd,
  applications: readonly Application[],
  now: Date,
): Promise<void> {
  for (const application of applications) {
    const windows = await argoCd.readSyncWindows(application.project);
    const { open, reason } = canSync(windows, application, now, "manual");
    if (open) continue;
    throw new RefusedError(
      `${application.name} cannot be synced now: ${reason} without manualSync. ` +
        "Set manualSync for the window in the stack's argocd.syncWindows and apply the stack first.",
    );
  }
}

/**
 * Holds automated sync back for every Application that does not carry this very note already. Where somebody else
 * has switched it off there is nothing to hold back, and later nothing to let go.
 */
export async function freezeAll(
  argoCd: ArgoCd,
  applications: readonly Application[],
  image: Image,
  by: string,
  reason: string,
): Promise<void> {
  for (const application of applications) {
    const note = application.freeze === undefined ? undefined : parseNote(application.freeze);
    const byOthers = !application.automated && application.freeze === undefined;
    const already = !application.automated && note?.image === imageReference(image);
    if (byOthers || already) continue;
    await argoCd.freeze(
      application.name,
      formatNote({ image: imageReference(image), by, at: new Date(), reason }),
    );
  }
}
