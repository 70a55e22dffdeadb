import type { Tree } from "../cluster-api";
import type { Check } from "../context";
import { failed, type Finding, ok, unreadableHub } from "../finding";

const wanted = ["bootstrap", "observability", "platform"];

/** Whether the fences stand, and whether services may go to every cluster of the stack. */
export function judgeProjects(projects: readonly Tree[], clusters: readonly string[]): Finding[] {
  const byName = new Map(
    projects.map((project) => [
      (project["metadata"] as { name: string }).name,
      (project["spec"] ?? {}) as { destinations?: { name?: string }[] },
    ]),
  );
  return wanted.flatMap((name) => {
    const spec = byName.get(name);
    if (!spec) return [failed(name, "does not exist", "run pulumi up again")];
    const destinations = new Set(spec.destinations?.map((destination) => destination.name));
    const missing = name === "platform" ? clusters.filter((cluster) => !destinations.has(cluster)) : [];
    return missing.length === 0
      ? [ok(name, "exists")]
      : [failed(name, `lets nothing go to ${missing.join(", ")}`, "run pulumi up again")];
  });
}

export const projectsCheck: Check = {
  name: "projects",
  run: async ({ clusters }) => {
    const hub = clusters[0]!;
    try {
      const projects = await hub.api.list("/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects");
      return judgeProjects(
        projects,
        clusters.map(({ name }) => name),
      );
    } catch (error) {
      return [unreadableHub(hub.name, "AppProjects", error)];
    }
  },
};
