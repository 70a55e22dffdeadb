import { at, elements, fields, isOn, isSet, text, texts } from "../fields";
import type { Rule } from "../rule";

const snippet = /^(nginx\.ingress\.kubernetes\.io|nginx\.org)\/.*snippets?$/;

/** Characters that end the directive of the controller's configuration into which a value is written. */
const written: Readonly<Record<string, RegExp>> = {
  "nginx.ingress.kubernetes.io/auth-url": /[\r\n<>"{}|^`\\;]/,
  "nginx.ingress.kubernetes.io/auth-tls-match-cn": /[\r\n#{}|;]/,
  "nginx.ingress.kubernetes.io/mirror-target": /[\r\n<>"{}|^`\\;]/,
  "nginx.ingress.kubernetes.io/mirror-host": /[\r\n<>"{}|^`\\;]/,
};

/** What only the controller itself should read or run. */
const controllersOwn =
  /_by_lua|\b(alias|root)\s[^;]*;|\/etc\/(passwd|shadow|group|nginx|ingress-controller)\b|\/var\/run\/secrets\b/;
const controllersPath = /[\r\n;]|^\/?(etc|root|var\/run\/(secrets|kubernetes))(\/|$)/;

function injects(key: string, value: string): boolean {
  const isForNginx = /^nginx\.(ingress\.kubernetes\.io|org)\//.test(key);
  return (
    snippet.test(key) || (isForNginx && (controllersOwn.test(value) || (written[key]?.test(value) ?? false)))
  );
}

/** Annotations that open plain http again, with the value that does. */
const plainHttp: Readonly<Record<string, string>> = {
  "kubernetes.io/ingress.allow-http": "true",
  "nginx.ingress.kubernetes.io/ssl-redirect": "false",
  "nginx.ingress.kubernetes.io/force-ssl-redirect": "false",
};

export const ingress: Rule = {
  id: "N2",
  title: "Ingresses end TLS for named hosts and inject no configuration",
  severity: "high",
  why: "Without TLS credentials travel in the clear; an open host takes over others' traffic; a snippet reads the controller's Secrets (CVE-2021-25742, CVE-2025-1097).",
  fix: "List the hosts, cover each by spec.tls, and remove snippet annotations.",
  link: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
  *check(object) {
    // The controller's own switch for what the annotations inject.
    const allowed = at(object, "data", "allow-snippet-annotations");
    if (object.kind === "ConfigMap" && isOn(allowed)) {
      yield {
        control: "snippet",
        path: 'data["allow-snippet-annotations"]',
        problem: "lets Ingresses inject configuration",
      };
    }
    if (object.kind !== "Ingress") return;
    const tls = elements(at(object, "spec", "tls"), "spec.tls");
    const covered = tls.flatMap((entry) => texts(entry.fields.hosts));
    if (tls.length === 0) yield { control: "tls", path: "spec.tls", problem: "is empty" };
    const rules = elements(at(object, "spec", "rules"), "spec.rules");
    for (const rule of rules) {
      const host = text(rule.fields.host);
      if (host === "" || host.includes("*")) {
        yield {
          control: "host",
          path: `${rule.path}.host`,
          problem: host === "" ? "is empty" : `is ${host}`,
        };
      } else if (
        covered.length > 0 &&
        !covered.some((name) => name === host || `*${host.slice(host.indexOf("."))}` === name)
      ) {
        yield { control: "tls", path: `${rule.path}.host`, problem: `${host} is in no entry of spec.tls` };
      }
      for (const { fields: served, path } of elements(
        at(rule.fields, "http", "paths"),
        `${rule.path}.http.paths`,
      )) {
        if (controllersPath.test(text(served.path)))
          yield { control: "path", path: `${path}.path`, problem: "leads into the controller's own files" };
      }
    }
    if (isSet(at(object, "spec", "defaultBackend") ?? at(object, "spec", "backend"))) {
      yield { control: "host", path: "spec.defaultBackend", problem: "takes every host that no rule names" };
    }
    for (const [key, value] of Object.entries(fields(object.metadata?.annotations))) {
      if (plainHttp[key] === text(value)) {
        yield { control: "tls", path: `metadata.annotations["${key}"]`, problem: "keeps plain http open" };
      }
      if (injects(key, text(value))) {
        yield {
          control: "snippet",
          path: `metadata.annotations["${key}"]`,
          problem: "injects configuration into the controller",
        };
      }
    }
  },
};
