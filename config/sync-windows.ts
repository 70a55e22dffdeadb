import { Cron } from "croner";
import { durationMinutes } from "./formats";

/** When a window opens and for how long, well formed. */
export interface WindowTimes {
  readonly schedule: string;
  /** Hours and minutes, such as `1h30m`. */
  readonly duration: string;
  /** IANA name; omitted, UTC. */
  readonly timeZone?: string | undefined;
}

/** A span of time in milliseconds. */
export type Span = readonly [start: number, end: number];

/** The year that is looked at: the judgement may not depend on the day it is made. 2028 has every date. */
export const observedYear: Span = [Date.UTC(2028, 0, 1), Date.UTC(2029, 0, 1)];
const mostRuns = 400;
const minute = 60_000;

/** Spans in order, and those that touch made one. */
export function merged(spans: readonly Span[]): Span[] {
  const result: [number, number][] = [];
  for (const [start, end] of [...spans].sort((left, right) => left[0] - right[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/** When a window is open. */
export interface OpenTimes {
  readonly spans: readonly Span[];
  /** Where the looking ended: at the end of the year, or after a number of runs that bounds the work. */
  readonly until: number;
}

export function openTimes({ schedule, duration, timeZone }: WindowTimes): OpenTimes {
  const [start, end] = observedYear;
  const cron = new Cron(schedule, { mode: "5-part", paused: true, timezone: timeZone ?? "UTC" });
  const length = durationMinutes(duration) * minute;
  const spans: Span[] = [];
  // Whatever is open when the year begins has begun before.
  let from = cron.nextRun(new Date(start - length));
  while (from && from.getTime() < end && spans.length < mostRuns) {
    spans.push([from.getTime(), from.getTime() + length]);
    from = cron.nextRun(from);
  }
  return { spans, until: spans.length < mostRuns ? end : spans.at(-1)![1] };
}

/** How long a window is open, and how much of that other windows take away again, in minutes of what was looked at. */
export interface OpenMinutes {
  readonly open: number;
  readonly denied: number;
}

/** Reads an allowing window against the denying ones that concern the same Applications. */
export function minutesOpen(allow: WindowTimes, denying: readonly WindowTimes[]): OpenMinutes {
  const own = openTimes(allow);
  const others = denying.map(openTimes);
  const until = Math.min(own.until, ...others.map((times) => times.until));
  const spans = merged(own.spans).filter(([start, end]) => start >= observedYear[0] && end <= until);
  const denied = merged(others.flatMap((times) => times.spans));
  const overlap = ([start, end]: Span) =>
    denied.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0);
  return {
    open: spans.reduce((sum, [start, end]) => sum + (end - start), 0) / minute,
    denied: spans.reduce((sum, span) => sum + overlap(span), 0) / minute,
  };
}
