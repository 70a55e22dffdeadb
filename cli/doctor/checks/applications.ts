import { type Application, readApplication } from "../../cluster/application";
import type { Check } from "../context";
import { failed, type Finding, ok, unreadableHub } from "../finding";

/** What Argo CD says of one Application. */
export function judgeApplication({ name, sync, health, conditions, freeze }: Application): Finding {
  const error = conditions.find((condition) => /Error/.test(condition.split(":")[0] ?? ""));
  if (error) return failed(name, error.split("\n")[0]!, `argocd app get ${name}`);
  if (freeze !== undefined) return failed(name, `is frozen: ${freeze}`, "finish the emergency rollback");
  return sync === "Synced" && health === "Healthy"
    ? ok(name, "is Synced and Healthy")
    : failed(name, `is ${sync} and ${health}`, `wait and run doctor again, or look: argocd app get ${name}`);
}

export function judgeApplications(applications: readonly Application[]): Finding[] {
  const root = applications.some(({ name }) => name === "root")
    ? []
    : [failed("root", "does not exist", "run pulumi up again")];
  return [...root, ...applications.map(judgeApplication)];
}

export const applicationsCheck: Check = {
  name: "applications",
  run: async ({ clusters }) => {
    const hub = clusters[0]!;
    try {
      const path = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";
      const applications = (await hub.api.list(path)).map(readApplication);
      // A pull request may be broken.
      return judgeApplications(applications.filter(({ project }) => project !== "previews"));
    } catch (error) {
      return [unreadableHub(hub.name, "Applications", error)];
    }
  },
};
