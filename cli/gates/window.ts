import type { Application } from "../cluster/application";
import { canSync, type SyncWindow } from "../cluster/sync-window";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/** Outside a window the commit would wait in git, and whoever merged it would be gone when it is delivered. */
export function judgeWindow(
  service: string,
  applications: readonly Application[],
  windows: ReadonlyMap<string, readonly SyncWindow[]>,
  now: Date,
): Verdict {
  const verdict = { gate: "window", subject: service };
  const own = applications.filter((application) => application.service === service);
  if (own.length === 0)
    return { ...verdict, passed: false, reason: "Argo CD has no Application of this service" };
  const answers = own.map((application) => {
    const { open, reason } = canSync(windows.get(application.project) ?? [], application, now, "automated");
    return { open, text: `${application.name}: ${reason}` };
  });
  const closed = answers.filter(({ open }) => !open);
  if (closed.length > 0)
    return { ...verdict, passed: false, reason: closed.map(({ text }) => text).join("; ") };
  return { ...verdict, passed: true, reason: answers[0]!.text };
}

export async function windowGate(context: GateContext): Promise<Verdict[]> {
  if (!context.gates.syncWindow) return [];
  try {
    const applications = await context.target.listApplications();
    const projects = [...new Set(applications.map(({ project }) => project))];
    const windows = new Map(
      await Promise.all(
        projects.map(async (project) => [project, await context.target.readSyncWindows(project)] as const),
      ),
    );
    return context.candidates.map(({ service }) => judgeWindow(service, applications, windows, context.now));
  } catch (error) {
    return [unanswered("window", context.to, error)];
  }
}
