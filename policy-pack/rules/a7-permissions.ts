import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { elements, text, texts, at } from "../fields";
import type { Finding, KubernetesObject, Rule } from "../rule";

function isAdmin(subject: string): boolean {
  return /(^|[:_-])admins?$/.test(subject);
}

/** What is wrong with one line of Argo CD's policy language. */
function* judge(line: string, path: string): Iterable<Finding> {
  const [type, subject = "", resource = "", action = "", object = "", effect = ""] = line
    .split(",")
    .map((part) => part.trim());
  if (type !== "p" || effect === "deny") return;
  if (action === "*" && /^(\*|\*\/\*)$/.test(object)) {
    yield { control: "everything", path, problem: `allows ${subject} every action on every object` };
    return;
  }
  if (isAdmin(subject)) return;
  if (action === "override" || (action === "*" && /^(applications|\*)$/.test(resource))) {
    yield { control: "override", path, problem: `lets ${subject} sync manifests that are not in git` };
  }
  if (resource === "exec") yield { control: "exec", path, problem: `lets ${subject} open shells` };
  if (resource === "applicationsets" && action !== "get") {
    yield { control: "applicationsets", path, problem: `lets ${subject} make Applications of any project` };
  }
}

function* projectRoles(object: KubernetesObject): Iterable<Finding> {
  if (object.kind !== "AppProject") return;
  for (const role of elements(at(object, "spec", "roles"), "spec.roles")) {
    for (const [index, line] of texts(role.fields.policies).entries())
      yield* judge(line, `${role.path}.policies[${index}]`);
  }
}

export const permissions: Rule = {
  id: "A7",
  title: "Permissions in Argo CD are given by name",
  severity: "high",
  why: "A default role is everybody's, and even reading everything showed Secrets (CVE-2026-42880, CVE-2026-45737).",
  fix: 'Set policy.default: "", and list resource, action and object for each role.',
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/",
  *check(object) {
    for (const settings of argoCdSettings(object, "argocd-rbac-cm")) {
      const standard = text(settings.data["policy.default"]);
      if (standard !== "") {
        yield {
          control: "default",
          path: settingPath(settings, "policy.default"),
          problem: `gives everybody ${standard}`,
        };
      }
      for (const [key, value] of Object.entries(settings.data)) {
        if (!/^policy\.(.+\.)?csv$/.test(key)) continue;
        for (const line of text(value).split("\n")) yield* judge(line, settingPath(settings, key));
      }
    }
    yield* projectRoles(object);
  },
};
