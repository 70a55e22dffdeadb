import { cronSchedule, timeZone, windowDuration } from "../config/formats";
import { merged, minutesOpen, observedYear, openTimes } from "../config/sync-windows";
import { isSet, list, text, type Fields } from "./fields";
import { fitsGlob } from "./glob";

const day = 86_400_000;

/** A window that `windowProblem` has found nothing wrong with. */
export interface SyncWindow {
  readonly kind: "allow" | "deny";
  readonly schedule: string;
  readonly duration: string;
  readonly timeZone?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
}

/** What makes Argo CD ignore a window or take it for another; undefined where nothing does. */
export function windowProblem(window: Fields): string | undefined {
  if (window.kind !== "allow" && window.kind !== "deny") return "kind is neither allow nor deny";
  if (!cronSchedule.safeParse(window.schedule).success)
    return `schedule "${text(window.schedule)}" is not five cron fields that come true`;
  if (!windowDuration.safeParse(window.duration).success)
    return `duration "${text(window.duration)}" is not hours and minutes`;
  if (isSet(window.timeZone) && !timeZone.safeParse(window.timeZone).success) {
    return `timeZone "${text(window.timeZone)}" is not an IANA time zone`;
  }
  const selectors = ["applications", "namespaces", "clusters"].flatMap((field) => list(window[field]));
  return selectors.length === 0 ? "selects no application, namespace or cluster" : undefined;
}

function appliesToAll(window: SyncWindow): boolean {
  return [window.applications, window.namespaces, window.clusters].some(
    (patterns) => patterns?.includes("*") ?? false,
  );
}

/** Whether denying windows leave not a minute in which anything may be synced. */
export function isAlwaysClosed(windows: readonly SyncWindow[]): boolean {
  const denying = windows.filter((window) => window.kind === "deny" && appliesToAll(window)).map(openTimes);
  if (denying.length === 0) return false;
  const [first, ...rest] = merged(denying.flatMap(({ spans }) => spans));
  const until = Math.min(...denying.map((times) => times.until));
  return rest.length === 0 && first![0] <= observedYear[0] + day && first![1] >= until;
}

function selectsSame(window: SyncWindow, deny: SyncWindow): boolean {
  if (appliesToAll(deny)) return true;
  const fit = (names?: readonly string[], patterns?: readonly string[]): boolean =>
    (names?.length ?? 0) > 0 &&
    names!.every((name) => patterns?.some((pattern) => fitsGlob(pattern, name)) ?? false);
  return (
    fit(window.applications, deny.applications) ||
    fit(window.namespaces, deny.namespaces) ||
    fit(window.clusters, deny.clusters)
  );
}

/** Whether an allowing window is never open by itself, because another one denies all that time. */
export function isShadowed(window: SyncWindow, windows: readonly SyncWindow[]): boolean {
  if (window.kind !== "allow") return false;
  const denying = windows.filter((other) => other.kind === "deny" && selectsSame(window, other));
  const { open, denied } = minutesOpen(window, denying);
  return open > 0 && denied >= open;
}
