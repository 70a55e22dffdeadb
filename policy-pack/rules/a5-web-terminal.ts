import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { isOn } from "../fields";
import type { Rule } from "../rule";

export const webTerminal: Rule = {
  id: "A5",
  title: "Argo CD opens no shells",
  severity: "high",
  why: "A terminal in the browser outlives the session and the permission that opened it (CVE-2023-40025, CVE-2024-41666).",
  fix: 'Set exec.enabled: "false"; who must, uses kubectl under an own name.',
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/web_based_terminal/",
  *check(object) {
    for (const settings of argoCdSettings(object, "argocd-cm")) {
      if (isOn(settings.data["exec.enabled"]))
        yield { path: settingPath(settings, "exec.enabled"), problem: "is on" };
    }
  },
};
