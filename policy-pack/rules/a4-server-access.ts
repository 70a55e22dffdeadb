import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { at, elements, fields, isOn, list, text, texts } from "../fields";
import type { KubernetesObject, Rule, SetFinding } from "../rule";
import { containers, podTemplates } from "../workloads";

/** Whether an object ends TLS in front of Argo CD's server. */
function endsTls(object: KubernetesObject): boolean {
  const backends = JSON.stringify(at(object, "spec", "rules") ?? null);
  if (!/"name":"[^"]*(argocd|argo-cd)[^"]*server"/.test(backends)) return false;
  return (
    object.kind === "HTTPRoute" || (object.kind === "Ingress" && list(at(object, "spec", "tls")).length > 0)
  );
}

function* startOptions(object: KubernetesObject): Iterable<{ path: string; option: string }> {
  for (const pod of podTemplates(object)) {
    for (const container of containers(pod)) {
      for (const field of ["command", "args"]) {
        for (const [index, option] of texts(container.fields[field]).entries()) {
          yield { path: `${container.path}.${field}[${index}]`, option };
        }
      }
      for (const variable of elements(container.fields.env, `${container.path}.env`)) {
        yield { path: variable.path, option: `${text(variable.fields.name)}=${text(variable.fields.value)}` };
      }
    }
  }
}

/** Whether a pod runs Argo CD; `--insecure` means something else elsewhere. */
function runsServer(object: KubernetesObject): boolean {
  return podTemplates(object).some((pod) =>
    containers(pod).some(({ fields: container }) =>
      [text(container.image), ...texts(container.command), ...texts(container.args)].some((word) =>
        /argocd(-server)?\b/.test(word),
      ),
    ),
  );
}

const linkAnnotation = "link.argocd.argoproj.io/";
const httpsLink = /^([^|]*\|)?\s*https:\/\//;
const noLogin = /^(--disable-auth(=true)?|ARGOCD_SERVER_DISABLE_AUTH=true)$/;
const noTls = /^(--insecure(=true)?|ARGOCD_SERVER_INSECURE=true)$/;

export const serverAccess: Rule = {
  id: "A4",
  title: "Argo CD asks who you are, over TLS",
  severity: "critical",
  why: "Without a login anybody is administrator (CVE-2022-29165); without TLS anybody on the way reads the token.",
  fix: "Remove the setting; server.insecure is for a server behind an Ingress or Gateway that ends TLS.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/tls/",
  *check(object) {
    for (const settings of argoCdSettings(object, "argocd-cm")) {
      const key = "users.anonymous.enabled";
      if (isOn(settings.data[key]))
        yield { control: "anonymous", path: settingPath(settings, key), problem: "lets everybody in" };
    }
    for (const settings of argoCdSettings(object, "argocd-cmd-params-cm")) {
      const key = "server.disable.auth";
      if (isOn(settings.data[key]))
        yield { control: "login", path: settingPath(settings, key), problem: "switches the login off" };
    }
    for (const [key, value] of Object.entries(fields(object.metadata?.annotations))) {
      if (key.startsWith(linkAnnotation) && !httpsLink.test(text(value))) {
        yield {
          control: "link",
          path: `metadata.annotations["${key}"]`,
          problem: "is shown as a link, and runs a script as whoever follows it (CVE-2026-45738)",
          fix: "Write an https address, or a title, a bar and one.",
        };
      }
    }
    if (!runsServer(object)) return;
    for (const { path, option } of startOptions(object)) {
      if (noLogin.test(option)) yield { control: "login", path, problem: "switches the login off" };
    }
  },
  *checkAll(objects): Iterable<SetFinding> {
    const tlsNamespaces = new Set(objects.filter(endsTls).map((object) => object.metadata?.namespace));
    for (const object of objects) {
      if (tlsNamespaces.has(object.metadata?.namespace)) continue;
      for (const settings of argoCdSettings(object, "argocd-cmd-params-cm")) {
        const key = "server.insecure";
        if (isOn(settings.data[key]))
          yield { object, control: "tls", path: settingPath(settings, key), problem: "serves without TLS" };
      }
      if (!runsServer(object)) continue;
      for (const { path, option } of startOptions(object)) {
        if (noTls.test(option)) yield { object, control: "tls", path, problem: "serves without TLS" };
      }
    }
  },
};
