import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { elements, isOn, text, texts } from "../fields";
import { images, parseImage } from "../image-reference";
import type { KubernetesObject, Rule } from "../rule";
import { containers, podTemplates } from "../workloads";

function runsRedis(object: KubernetesObject): boolean {
  return [...images(object)].some(({ reference }) =>
    /(^|\/)(redis|valkey)$/.test(parseImage(reference).repository),
  );
}

/** Whether some container of Redis gets a password: by argument, variable, mounted file or generated configuration. */
function hasPassword(object: KubernetesObject): boolean {
  return podTemplates(object).some((pod) =>
    containers(pod).some(({ fields: container }) => {
      const words = [...texts(container.command), ...texts(container.args)].join("\n");
      const variables = elements(container.env, "").map((variable) => text(variable.fields.name));
      return /requirepass|masterauth/.test(words) || variables.some((name) => /(PASSWORD|AUTH)/.test(name));
    }),
  );
}

export const manifestGeneration: Rule = {
  id: "A9",
  title: "Manifests are made from the repository alone, and kept where only Argo CD writes",
  severity: "high",
  why: "A link, a foreign values file or an open cache lets one repository read or change what another delivers (CVE-2024-31989).",
  fix: "Leave the option at its safe value, fetch values by https only, and give Redis a password.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/security/",
  *check(object) {
    for (const settings of argoCdSettings(object, "argocd-cmd-params-cm")) {
      const key = "reposerver.allow.oob.symlinks";
      if (isOn(settings.data[key]))
        yield {
          control: "symlinks",
          path: settingPath(settings, key),
          problem: "follows links out of the repository",
        };
    }
    for (const settings of argoCdSettings(object, "argocd-cm")) {
      for (const [key, value] of Object.entries(settings.data)) {
        if (
          /^kustomize\.(buildOptions|path)/.test(key) &&
          /(load-restrictor[= ]+(none|LoadRestrictionsNone)|enable-exec|enable-alpha-plugins|network)/i.test(
            text(value),
          )
        ) {
          yield {
            control: "kustomize",
            path: settingPath(settings, key),
            problem: "lets kustomize leave the repository or run programs",
          };
        }
      }
      const key = "helm.valuesFileSchemes";
      const schemes = text(settings.data[key] ?? "https, http")
        .split(",")
        .map((scheme) => scheme.trim());
      if (schemes.some((scheme) => scheme !== "https" && scheme !== "")) {
        yield {
          control: "values-schemes",
          path: settingPath(settings, key),
          problem: "fetches values without TLS",
          fix: "Set helm.valuesFileSchemes: https.",
        };
      }
    }
    if (runsRedis(object) && !hasPassword(object)) {
      yield { control: "redis", path: "spec", problem: "runs Redis without a password" };
    }
  },
};
