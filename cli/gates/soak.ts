import type { Application } from "../cluster/application";
import { isAncestor } from "../git";
import { introduction, readHistory } from "../promotion/history";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

function formatMinutes(minutes: number): string {
  const whole = Math.floor(minutes);
  return whole < 60 ? `${whole}m` : `${Math.floor(whole / 60)}h${String(whole % 60).padStart(2, "0")}m`;
}

/**
 * Since when an Application has run the image in good health without a break, or why nobody knows.
 *
 * @param carriesImage whether a deployed commit holds the source's present image.
 */
export function healthySince(
  application: Application,
  carriesImage: (revision: string) => boolean,
): Date | string {
  const deployed = application.history.find(({ revision }) => carriesImage(revision));
  if (!deployed) return "has no successful sync of a commit with this image";
  if (!application.healthSince) return "does not say since when it is healthy";
  return deployed.deployedAt > application.healthSince ? deployed.deployedAt : application.healthSince;
}

export function judgeSoak(
  service: string,
  applications: readonly Application[],
  carriesImage: (revision: string) => boolean,
  wanted: number,
  now: Date,
): Verdict {
  const verdict = { gate: "soak", subject: service };
  if (applications.length === 0)
    return { ...verdict, passed: false, reason: "Argo CD has no Application of this service" };
  let shortest = Number.POSITIVE_INFINITY;
  for (const application of applications) {
    const since = healthySince(application, carriesImage);
    if (typeof since === "string")
      return { ...verdict, passed: false, reason: `${application.name} ${since}` };
    shortest = Math.min(shortest, (now.getTime() - since.getTime()) / 60_000);
  }
  const passed = shortest >= wanted;
  const figures = `healthy at this image for ${formatMinutes(Math.max(0, shortest))} of ${formatMinutes(wanted)}`;
  return { ...verdict, passed, reason: figures };
}

async function collect(
  context: GateContext,
  service: string,
  applications: readonly Application[],
): Promise<Verdict> {
  const [version] = [...(await readHistory(context.cwd, context.base, context.from, service)).values()].map(
    introduction,
  );
  if (!version)
    return { gate: "soak", subject: service, passed: false, reason: "git has no history of this image" };
  const own = applications.filter((application) => application.service === service);
  const revisions = new Set(own.flatMap(({ history }) => history.map(({ revision }) => revision)));
  const carrying = new Set<string>();
  for (const revision of revisions) {
    if (/^[0-9a-f]{40}$/.test(revision) && (await isAncestor(context.cwd, version.commit, revision)))
      carrying.add(revision);
  }
  return judgeSoak(service, own, (revision) => carrying.has(revision), context.gates.soak, context.now);
}

export async function soakGate(context: GateContext): Promise<Verdict[]> {
  if (context.gates.soak === 0) return [];
  try {
    const applications = await context.source.listApplications();
    return await Promise.all(
      context.candidates.map(({ service }) => collect(context, service, applications)),
    );
  } catch (error) {
    return [unanswered("soak", context.from, error)];
  }
}
