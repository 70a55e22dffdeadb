import semver from "semver";
import { chartVersions } from "../components/chart-versions";

/**
 * The lowest versions without a known vulnerability. Several mean several release lines, each with its own fix; what is
 * newer than the newest line is fixed, what is older than the oldest is not.
 */
type Floor = readonly string[];

/** Argo CD fixed CVE-2026-42880, CVE-2026-45737 and CVE-2026-45738 in three lines. */
const argoCd: Floor = ["3.2.12", "3.3.10", "3.4.2"];
const certManager: Floor = ["1.18.5", "1.19.3"];

/** Images of the platform's own controllers, by the end of their repository. */
export const imageFloors: readonly { readonly name: string; readonly versions: Floor }[] = [
  { name: "argoproj/argocd", versions: argoCd },
  { name: "argoproj/argo-rollouts", versions: [chartVersions.argoRollouts.securityFloor.appVersion] },
  { name: "sealed-secrets-controller", versions: [chartVersions.sealedSecrets.securityFloor.appVersion] },
  {
    name: "external-secrets/external-secrets",
    versions: [chartVersions.externalSecrets.securityFloor.appVersion],
  },
  ...["controller", "webhook", "cainjector", "acmesolver"].map((part) => ({
    name: `jetstack/cert-manager-${part}`,
    versions: certManager,
  })),
];

/** Charts whose version is the version of what they install. */
export const chartFloors: ReadonlyMap<string, Floor> = new Map([
  ["external-secrets", [chartVersions.externalSecrets.securityFloor.appVersion]],
  ["cert-manager", certManager],
]);

/** Whether a version lacks the fix of its release line. */
export function isBelow(version: string, floor: Floor): boolean {
  const parsed = semver.parse(version.replace(/^v/, ""));
  if (!parsed) return true;
  const fixes = floor.map((fix) => semver.parse(fix)!).sort(semver.compare);
  const sameLine = fixes.find((fix) => fix.major === parsed.major && fix.minor === parsed.minor);
  return semver.lt(parsed, sameLine ?? fixes.at(-1)!);
}
