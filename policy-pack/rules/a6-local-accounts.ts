import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { at, elements, isSet, text } from "../fields";
import type { Rule } from "../rule";

export const localAccounts: Rule = {
  id: "A6",
  title: "People log in through the identity provider",
  severity: "medium",
  why: "A local password never expires, belongs to nobody and can be guessed (CVE-2024-21652, CVE-2024-21662).",
  fix: 'Set admin.enabled: "false" beside single sign-on, and give a local account apiKey or login, not both.',
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/#disable-admin-user",
  *check(object) {
    for (const settings of argoCdSettings(object, "argocd-cm")) {
      const { data } = settings;
      const hasSso = isSet(data["oidc.config"]) || isSet(data["dex.config"]);
      if (hasSso && text(data["admin.enabled"]) !== "false") {
        yield {
          control: "admin",
          path: settingPath(settings, "admin.enabled"),
          problem: "leaves the local administrator beside single sign-on",
        };
      }
      for (const [key, value] of Object.entries(data)) {
        const abilities = text(value)
          .split(",")
          .map((ability) => ability.trim());
        if (/^accounts\.[^.]+$/.test(key) && abilities.includes("apiKey") && abilities.includes("login")) {
          yield {
            control: "account",
            path: settingPath(settings, key),
            problem: "is both a person and a program",
          };
        }
      }
    }
    const roles = object.kind === "AppProject" ? elements(at(object, "spec", "roles"), "spec.roles") : [];
    for (const role of roles) {
      for (const token of elements(role.fields.jwtTokens, `${role.path}.jwtTokens`)) {
        if (isSet(token.fields.exp)) continue;
        yield {
          control: "project-token",
          path: `${token.path}.exp`,
          problem: "is not set, so that the token of the project never expires (CVE-2025-55190)",
          fix: "Delete the token, and make one that expires.",
        };
      }
    }
    if (object.kind === "Secret" && object.metadata?.name === "argocd-initial-admin-secret") {
      yield {
        control: "initial-password",
        path: "",
        problem: "keeps the first password readable",
        fix: "Delete the Secret after the first login.",
      };
    }
  },
};
