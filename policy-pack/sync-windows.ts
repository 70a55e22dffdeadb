import { Cron } from "croner";
import { cronSchedule, durationMinutes, timeZone, windowDuration } from "../config/formats";
import { isSet, list, text, type Fields } from "./fields";
import { fitsGlob } from "./glob";

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

/** A span of time in milliseconds. */
type Span = readonly [start: number, end: number];

// Any year without the week of a clock change at its ends will do: the judgement may not depend on the day it is made.
const yearStart = 1_767_225_600_000; // 2026-01-01, UTC
const yearEnd = 1_798_761_600_000; // 2027-01-01, UTC
const mostRuns = 400;

/** When a window is open, as far as one year and a number of runs that bounds the work. */
function spans(window: SyncWindow): Span[] {
  const cron = new Cron(window.schedule, {
    mode: "5-part",
    paused: true,
    timezone: window.timeZone ?? "UTC",
  });
  const length = durationMinutes(window.duration) * 60_000;
  const result: Span[] = [];
  let from = cron.nextRun("2025-12-31T23:59:59");
  while (from && from.getTime() < yearEnd && result.length < mostRuns) {
    result.push([from.getTime(), from.getTime() + length]);
    from = cron.nextRun(from);
  }
  return result;
}

function merged(all: readonly Span[]): Span[] {
  const result: [number, number][] = [];
  for (const [start, end] of [...all].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

function isCovered([start, end]: Span, cover: readonly Span[]): boolean {
  return cover.some(([from, to]) => from <= start && end <= to);
}

function appliesToAll(window: SyncWindow): boolean {
  return [window.applications, window.namespaces, window.clusters].some(
    (patterns) => patterns?.includes("*") ?? false,
  );
}

/** Whether denying windows leave not a minute in which anything may be synced. */
export function isAlwaysClosed(windows: readonly SyncWindow[]): boolean {
  const denied = windows.filter((window) => window.kind === "deny" && appliesToAll(window)).flatMap(spans);
  if (denied.length === 0) return false;
  const cover = merged(denied);
  const [first] = cover;
  // The runs may have been cut short; what was seen of the year must be one closed span.
  return cover.length === 1 && first![0] <= yearStart + 86_400_000 && first![1] - first![0] > 7 * 86_400_000;
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
  const denied = windows
    .filter((other) => other.kind === "deny" && selectsSame(window, other))
    .flatMap(spans);
  if (denied.length === 0) return false;
  const cover = merged(denied);
  const horizon = Math.max(...cover.map(([, end]) => end));
  const own = spans(window).filter(([, end]) => end <= horizon);
  return own.length > 0 && own.every((span) => isCovered(span, cover));
}
