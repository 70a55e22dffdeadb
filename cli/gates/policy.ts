import { checkPaths } from "../manifests/check-paths";
import type { Finding } from "../manifests/finding";
import { overlaysFolder } from "../promotion/overlay";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/** A finding about a service that does not change is not this change's affair. */
function concerns(finding: Finding, environment: string, services: readonly string[]): boolean {
  const [, service] = new RegExp(`${overlaysFolder}/${environment}/([^/]+)`).exec(finding.file) ?? [];
  return service === undefined || services.includes(service);
}

export function judgePolicy(
  environment: string,
  services: readonly string[],
  findings: readonly Finding[],
): Verdict {
  const broken = findings.filter(
    (finding) => finding.level === "mandatory" && concerns(finding, environment, services),
  );
  const passed = broken.length === 0;
  const reason = passed
    ? "the rendered result breaks no mandatory rule"
    : broken.map(({ file, object, rule, message }) => `${rule}: ${object || file}: ${message}`).join("; ");
  return { gate: "policy", subject: environment, passed, reason };
}

/** Rules see the whole environment, since some judge objects together; only what changes is held against it. */
export async function policyGate(context: GateContext): Promise<Verdict[]> {
  if (!context.gates.policy) return [];
  const services = context.candidates.map(({ service }) => service);
  try {
    const { findings } = await checkPaths([`${overlaysFolder}/${context.to}`], context.to, context.tree);
    return [judgePolicy(context.to, services, findings)];
  } catch (error) {
    return [unanswered("policy", context.to, error)];
  }
}
