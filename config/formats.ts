import { z } from "zod";
import { cronProblem } from "./cron";

/** A Kubernetes label value and DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export const dnsLabel = z
  .string()
  .max(63, "is longer than 63 characters; choose a shorter name")
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "is not a DNS label; use lower-case letters, digits and hyphens");

/** A fully qualified host name. */
export const hostName = z
  .string()
  .max(253)
  .regex(
    /^(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
    "is not a host name; write it like argocd.example.com, without scheme, port or path",
  );

/** A version as charts and the policy pack state theirs; never a range. */
export const exactVersion = /^v?\d+\.\d+\.\d+$/;

export const loopbackHost = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

/** An https address without credentials, in one spelling: lower-case host, no default port, no trailing slash. */
export function httpsUrl(options: { path: boolean }) {
  return z.string().transform((value, context) => {
    const url = parseUrl(value);
    const refuse = (message: string): never => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (!url) return refuse("is not a URL; write it like https://host.example.com");
    if (url.username || url.password) return refuse("carries credentials; move them to the key `secrets`");
    if (url.protocol !== "https:") return refuse(`uses ${url.protocol}// but must use https://`);
    if (url.search || url.hash) return refuse("has a query or fragment; remove it");
    if (!options.path && url.pathname !== "/") return refuse("has a path; give scheme, host and port only");
    return url.href.replace(/\/+$/, "");
  });
}

/** An https address that is compared as a text by others, and therefore kept as it is written. */
export const issuerUrl = z.string().superRefine((value, context) => {
  const { error } = httpsUrl({ path: true }).safeParse(value);
  for (const { message } of error?.issues ?? []) context.addIssue({ code: "custom", message });
});

const scpForm = /^(?<user>[\w.-]+)@(?<host>[\w.-]+):(?<path>[^/].*)$/;

/**
 * A git repository address in the one spelling that the credentials, the projects and the Applications share:
 * Argo CD compares them as strings. `git@host:path` becomes `ssh://git@host/path`, and `.git` is dropped.
 */
export const gitUrl = z.string().transform((value, context) => {
  const scp = scpForm.exec(value)?.groups;
  const url = parseUrl(scp ? `ssh://${scp["user"]}@${scp["host"]}/${scp["path"]}` : value);
  const refuse = (message: string): never => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!url) return refuse("is not a git address; write it like https://github.com/organization/platform");
  if (url.password || (url.username && url.protocol !== "ssh:")) {
    return refuse("carries credentials; move them to `secrets.git`");
  }
  if (url.protocol !== "https:" && url.protocol !== "ssh:") {
    return refuse(`uses ${url.protocol}// but must use https:// or ssh://`);
  }
  if (url.pathname === "/") return refuse("names no repository");
  return url.href.replace(/\/+$/, "").replace(/\.git$/, "");
});

/** A branch, tag or commit; a shell or a template would read other characters as their own. */
export const gitRevision = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
    "is not a branch, tag or commit; use letters, digits and . _ / - only",
  );

const timeZones = new Set([...Intl.supportedValuesOf("timeZone"), "UTC"]);

/** An IANA time zone. Argo CD only warns about an unknown one and then uses UTC. */
export const timeZone = z
  .string()
  .refine((zone) => timeZones.has(zone), "is not an IANA time zone; write it like Europe/Berlin");

/** A schedule as the parser of Argo CD's sync windows takes it, and with at least one date that exists. */
export const cronSchedule = z.string().superRefine((schedule, context) => {
  const message = cronProblem(schedule);
  if (message) context.addIssue({ code: "custom", message });
});

const durationUnits = { h: 60, m: 1 };

/** Minutes in a duration of hours and minutes such as `1h30m`. */
export function durationMinutes(duration: string): number {
  return [...duration.matchAll(/(\d+)([hm])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * durationUnits[unit as keyof typeof durationUnits],
    0,
  );
}

/** Hours and minutes as Go writes them; Argo CD knows no days. */
export const windowDuration = z
  .string()
  .regex(/^(\d+h)?(\d+m)?$/, "is not a duration; write it like 2h or 1h30m, there is no unit for days")
  .refine((duration) => durationMinutes(duration) > 0, "must be longer than zero");

/** A PEM certificate bundle in plain text, not encoded once more. */
export const pemCertificates = z
  .string()
  .refine(
    (text) => /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(text),
    "is not a PEM certificate; paste the text that begins with -----BEGIN CERTIFICATE----- (not its base64)",
  );

/** The name of a group in the identity provider; commas and newlines would end a field of Argo CD's policy.csv. */
export const groupName = z
  .string()
  .min(1)
  .regex(/^[^,\s"][^,\n"]*$/, "is not a group name; it must not contain commas, quotes or line breaks");
