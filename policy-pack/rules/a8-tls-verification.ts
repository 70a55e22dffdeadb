import { argoCdSettings, settingPath } from "../argo-cd-settings";
import { at, fields, isOn, isSet, text } from "../fields";
import { openValue } from "../redact";
import type { Finding, KubernetesObject, Rule } from "../rule";
import { UnknownValueError } from "../unknown-value";

/** A spoke's token is issued during the update that registers it, and so is the whole text; it is judged then. */
function knownConfig(secret: KubernetesObject): string | undefined {
  try {
    return openValue(secret, "config");
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

function* clusterSecret(secret: KubernetesObject): Iterable<Finding> {
  const path = "stringData.config";
  const config = knownConfig(secret);
  if (config === undefined) return;
  if (config === "[unreadable]") {
    yield { control: "cluster", path, problem: "is not JSON" };
    return;
  }
  const tls = at(config === "" ? {} : (JSON.parse(config) as unknown), "tlsClientConfig");
  if (isOn(at(tls, "insecure")))
    yield { control: "cluster", path, problem: "accepts any certificate of the API server" };
  const isInCluster = openValue(secret, "server").startsWith("https://kubernetes.default.svc");
  if (!isInCluster && !isSet(at(tls, "caData"))) {
    yield { control: "cluster", path, problem: "names no certificate authority (tlsClientConfig.caData)" };
  }
}

const strictSettings = ["controller.repo.server.strict.tls", "server.repo.server.strict.tls"];

export const tlsVerification: Rule = {
  id: "A8",
  title: "Argo CD verifies whom it talks to",
  severity: "high",
  why: "Whoever stands in between gets the cluster's token, the repository's password or the manifests.",
  fix: "Give the certificate authority, and switch verification on.",
  link: "https://argo-cd.readthedocs.io/en/stable/operator-manual/tls/#inbound-tls-options-for-argocd-server",
  *check(object) {
    const type = text(fields(object.metadata?.labels)["argocd.argoproj.io/secret-type"]);
    if (object.kind === "Secret" && type === "cluster") yield* clusterSecret(object);
    if (object.kind === "Secret" && /^(repository|repo-creds|repository-write)$/.test(type)) {
      for (const key of ["insecure", "insecureIgnoreHostKey"]) {
        if (isOn(openValue(object, key))) {
          yield { control: "repository", path: `stringData.${key}`, problem: "accepts any server" };
        }
      }
    }
    for (const settings of argoCdSettings(object, "argocd-cm")) {
      const key = "oidc.tls.insecure.skip.verify";
      if (isOn(settings.data[key]))
        yield { control: "sso", path: settingPath(settings, key), problem: "accepts any identity provider" };
    }
    for (const settings of argoCdSettings(object, "argocd-cmd-params-cm")) {
      const key = "reposerver.disable.tls";
      if (isOn(settings.data[key]))
        yield {
          control: "repo-server",
          path: settingPath(settings, key),
          problem: "sends manifests in the clear",
        };
      const stated = Object.keys(settings.data).filter((name) => name.endsWith(".strict.tls"));
      for (const name of new Set([...strictSettings, ...stated])) {
        const value = text(settings.data[name]);
        const isLax = strictSettings.includes(name) ? value !== "true" : value === "false";
        if (isLax)
          yield { control: "strict", path: settingPath(settings, name), problem: "accepts any server" };
      }
    }
  },
};
