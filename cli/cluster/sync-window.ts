import { Cron } from "croner";
import picomatch from "picomatch";
import { z } from "zod";

/** https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/ */
export const syncWindowSchema = z.object({
  kind: z.enum(["allow", "deny"]),
  schedule: z.string(),
  duration: z.string(),
  applications: z.array(z.string()).default([]),
  namespaces: z.array(z.string()).default([]),
  clusters: z.array(z.string()).default([]),
  manualSync: z.boolean().default(false),
  timeZone: z.string().default("UTC"),
  /** All selectors must match instead of any. */
  andOperator: z.boolean().default(false),
});

export type SyncWindow = z.output<typeof syncWindowSchema>;

/** What the windows are matched against. */
export interface WindowTarget {
  readonly name: string;
  readonly destination: { readonly name: string; readonly server: string; readonly namespace: string };
}

const milliseconds: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000 };

function parseDuration(duration: string): number {
  if (!/^(\d+(\.\d+)?[hms])+$/.test(duration)) throw new Error(`"${duration}" is not a duration like 1h30m`);
  return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * milliseconds[unit!]!,
    0,
  );
}

/** How far the clocks of a zone are ahead of UTC at a moment. */
function zoneOffset(timeZone: string, now: Date): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(now);
  const name = parts.find(({ type }) => type === "timeZoneName")!.value;
  const [, sign, hours = "0", minutes = "0"] = /GMT(?:([+-])(\d+):(\d+))?/.exec(name) ?? [];
  return (
    (sign === "-" ? -1 : 1) * (Number(hours) * milliseconds["h"]! + Number(minutes) * milliseconds["m"]!)
  );
}

/**
 * Whether a window is open. Like Argo CD, the schedule is read in the zone's offset of this moment, so a window that
 * spans a change of the clocks opens for them and for this command at the same time.
 */
export function isActive(window: SyncWindow, now: Date): boolean {
  const schedule = new Cron(window.schedule, { mode: "5-part", timezone: "UTC", paused: true });
  const local = now.getTime() + zoneOffset(window.timeZone || "UTC", now);
  const start = schedule.nextRun(new Date(local - parseDuration(window.duration)));
  // A date that never comes, like 30 February, is to Argo CD a window that is always open.
  return start === null || start.getTime() < local;
}

/** Whether one of these glob patterns fits one of these values, as Argo CD matches them. */
export function matchesAny(patterns: readonly string[], values: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const matches = picomatch(pattern, { bash: true, dot: true, nonegate: true, noextglob: true });
    return values.some((value) => value !== "" && matches(value));
  });
}

function appliesTo(window: SyncWindow, target: WindowTarget): boolean {
  const { name, server, namespace } = target.destination;
  const selectors = [
    { patterns: window.applications, values: [target.name] },
    { patterns: window.clusters, values: [name, server] },
    { patterns: window.namespaces, values: [namespace] },
  ].filter(({ patterns }) => patterns.length > 0);
  const results = selectors.map(({ patterns, values }) => matchesAny(patterns, values));
  return window.andOperator ? results.length > 0 && results.every(Boolean) : results.some(Boolean);
}

/** Whether a sync may start, and the window that decides. */
export interface WindowVerdict {
  readonly open: boolean;
  readonly reason: string;
}

function describe(window: SyncWindow): string {
  return `${window.kind} window ${window.schedule} for ${window.duration} (${window.timeZone})`;
}

/**
 * Argo CD's own rule: an open deny window stops everything; otherwise any open allow window permits; otherwise any
 * closed allow window forbids. A sync by hand passes where every window concerned has `manualSync`.
 *
 * @throws Error where a schedule, duration or time zone cannot be read; Argo CD then stops syncing without a word.
 */
export function canSync(
  windows: readonly SyncWindow[],
  target: WindowTarget,
  now: Date,
  sync: "automated" | "manual",
): WindowVerdict {
  const matching = windows.filter((window) => appliesTo(window, target));
  const active = matching.filter((window) => isActive(window, now));
  const manual = (concerned: readonly SyncWindow[]) =>
    sync === "manual" && concerned.every(({ manualSync }) => manualSync);
  const denies = active.filter(({ kind }) => kind === "deny");
  if (denies.length > 0) return { open: manual(denies), reason: `open ${describe(denies[0]!)}` };
  const allow = active.find(({ kind }) => kind === "allow");
  if (allow) return { open: true, reason: `open ${describe(allow)}` };
  const closed = matching.filter(({ kind }) => kind === "allow");
  if (closed.length > 0) return { open: manual(closed), reason: `closed ${describe(closed[0]!)}` };
  return { open: true, reason: "no sync window applies" };
}
