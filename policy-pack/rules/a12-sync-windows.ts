import { at, elements, text } from "../fields";
import { adminProjects } from "../platform";
import type { Rule } from "../rule";
import { isAlwaysClosed, isShadowed, windowProblem, type SyncWindow } from "../sync-windows";

export const syncWindows: Rule = {
  id: "A12",
  title: "Production is delivered to in windows that mean what they say",
  severity: "medium",
  why: "A window that is not valid blocks or frees everything without a word: the controller ignores the error, and an unknown time zone becomes UTC.",
  fix: "Write schedule (five fields), duration (hours and minutes), timeZone (IANA) and what the window is for.",
  link: "https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/",
  *check(object, { environment }) {
    if (object.kind !== "AppProject") return;
    const found = elements(at(object, "spec", "syncWindows"), "spec.syncWindows");
    const name = text(object.metadata?.name);
    if (
      environment === "production" &&
      found.length === 0 &&
      !adminProjects.has(name) &&
      name !== "default"
    ) {
      yield { control: "missing", path: "spec.syncWindows", problem: "is empty" };
    }
    const problems = found.map(({ fields: window, path }) => ({ path, problem: windowProblem(window) }));
    for (const { path, problem } of problems) {
      if (problem !== undefined) yield { control: "invalid", path, problem };
    }
    if (problems.some(({ problem }) => problem !== undefined)) return;
    const windows = found.map(({ fields: window }) => window as unknown as SyncWindow);
    if (isAlwaysClosed(windows))
      yield { control: "closed", path: "spec.syncWindows", problem: "never lets anything be synced" };
    for (const [index, window] of windows.entries()) {
      if (isShadowed(window, windows)) {
        yield {
          control: "shadowed",
          path: `spec.syncWindows[${index}]`,
          problem: "is open only while another window denies",
        };
      }
    }
  },
};
