import { at, fields, isOn, isSet, text } from "../fields";
import { allowedIssuers } from "../platform";
import type { Rule } from "../rule";

const hours = (duration: string): number | undefined => {
  if (!/^(\d+(\.\d+)?(h|m|s))+$/.test(duration)) return undefined;
  const units: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 };
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  );
};

const shortest = 1;
const longest = 100 * 24;

export const certificates: Rule = {
  id: "M1",
  title: "Certificates come from the right authority and are renewed in time",
  severity: "medium",
  why: "No browser trusts the staging authority; the real one locks out who tries too often; without an address nobody hears of either.",
  fix: "Set the ACME directory of the environment and an e-mail address, name a listed issuer, and a duration between 1h and 2400h.",
  link: "https://letsencrypt.org/docs/staging-environment/",
  *check(object, { environment }) {
    if (object.kind === "ClusterIssuer" || object.kind === "Issuer") {
      const acme = at(object, "spec", "acme");
      if (!isSet(acme)) return;
      const server = text(at(acme, "server"));
      const isStaging = /staging/i.test(server);
      if (environment === "production" && isStaging) {
        yield {
          control: "authority",
          path: "spec.acme.server",
          problem: "is the staging authority, which no browser trusts",
        };
      }
      if (environment === "dev" && /acme-v02\.api\.letsencrypt\.org/.test(server)) {
        yield {
          control: "authority",
          path: "spec.acme.server",
          problem: "uses up the limits of the real authority",
        };
      }
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text(at(acme, "email")))) {
        yield { control: "email", path: "spec.acme.email", problem: "is not an e-mail address" };
      }
      if (isOn(at(acme, "skipTLSVerify"))) {
        yield { control: "authority", path: "spec.acme.skipTLSVerify", problem: "accepts any authority" };
      }
      return;
    }
    if (object.kind !== "Certificate" || !(object.apiVersion ?? "").startsWith("cert-manager.io/")) return;
    const { issuerRef, duration, renewBefore } = fields(object.spec);
    const issuer = text(at(issuerRef, "name"));
    if (!allowedIssuers.has(issuer)) {
      yield {
        control: "issuer",
        path: "spec.issuerRef.name",
        problem: `${issuer || "an empty name"} is not a listed issuer`,
      };
    }
    if (isSet(duration)) {
      const length = hours(text(duration));
      if (length === undefined || length < shortest || length > longest) {
        yield {
          control: "duration",
          path: "spec.duration",
          problem: `${text(duration)} is not between 1h and 2400h`,
        };
      }
      if ((hours(text(renewBefore)) ?? 0) >= (length ?? Number.POSITIVE_INFINITY)) {
        yield { control: "duration", path: "spec.renewBefore", problem: "is not shorter than the duration" };
      }
    }
  },
};
