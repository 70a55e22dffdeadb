import { checkPaths } from "../manifests/check-paths";
import type { Finding } from "../manifests/finding";
import { overlaysFolder } from "../promotion/overlay";
import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/** The service whose files a finding is about; undefined where it is about the environment as a whole. */
function serviceOf(finding: Finding, environment: string): string | undefined {
  return new RegExp(`${overlaysFolder}/${environment}/([^/]+)`).exec(finding.file)?.[1];
}

/** A finding about a service that does not change is not this change's affair. */
export function judgePolicy(
  environment: string,
  services: readonly string[],
  findings: readonly Finding[],
): Verdict[] {
  const reasons = new Map<string, string[]>();
  for (const finding of findings.filter(({ level }) => level === "mandatory")) {
    const subject = serviceOf(finding, environment) ?? environment;
    if (subject !== environment && !services.includes(subject)) continue;
    const { file, object, rule, message } = finding;
    reasons.set(subject, [...(reasons.get(subject) ?? []), `${rule}: ${object || file}: ${message}`]);
  }
  if (reasons.size === 0) {
    const reason = "the rendered result breaks no mandatory rule";
    return [{ gate: "policy", subject: environment, passed: true, reason }];
  }
  return [...reasons].map(([subject, broken]) => ({
    gate: "policy",
    subject,
    passed: false,
    reason: broken.join("; "),
  }));
}

/** Rules see the whole environment, since some judge objects together; only what changes is held against it. */
export async function policyGate(context: GateContext): Promise<Verdict[]> {
  if (!context.gates.policy) return [];
  const services = context.candidates.map(({ service }) => service);
  try {
    const { findings } = await checkPaths([`${overlaysFolder}/${context.to}`], context.to, context.tree);
    return judgePolicy(context.to, services, findings);
  } catch (error) {
    return [unanswered("policy", context.to, error)];
  }
}
