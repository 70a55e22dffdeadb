import {
  PolicyPack,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { judgeObject, judgeSet, staleExemptions, type EvaluationContext } from "./evaluate";
import { loadExemptions, type Exemption } from "./exemptions";
import { levelOf, type Level } from "./levels";
import { environmentOf, subjectsOf } from "./pulumi-subject";
import { readPropertiesOnce } from "./read-once";
import type { Rule } from "./rule";
import { remediations } from "./remediations";
import { rules } from "./rules";

readPropertiesOnce();
const exemptions = loadExemptions();
// eslint-disable-next-line no-restricted-globals -- the clock enters here and nowhere else
const now = new Date();

function contextOf(urn: string): EvaluationContext {
  return { environment: environmentOf(urn), exemptions, now };
}

/**
 * The SDK fixes the level of a policy when the pack is loaded, before the stack is known. Each rule is therefore two
 * policies, of which the one with the level of the stack's environment speaks: `W3` and `W3-advisory`.
 */
const policyLevels = [
  { level: "mandatory", suffix: "" },
  { level: "advisory", suffix: "-advisory" },
] as const satisfies readonly { level: Exclude<Level, "off">; suffix: string }[];

function describe(rule: Rule, { level, suffix }: (typeof policyLevels)[number]) {
  return {
    name: `${rule.id}${suffix}`,
    description: `${rule.title}. ${rule.why}`,
    enforcementLevel: level,
    severity: rule.severity,
    url: rule.link,
    remediationSteps: rule.fix,
  };
}

function resourcePolicies(rule: Rule): ResourceValidationPolicy[] {
  if (!rule.check) return [];
  const remediate = remediations.get(rule.id);
  return policyLevels.map((policy) => ({
    ...describe(rule, policy),
    // Runs only where the configuration of the pack asks for it: {"W2": "remediate"}.
    ...(remediate && { remediateResource: ({ type, props }) => remediate(type, props) }),
    validateResource(args, report) {
      const context = contextOf(args.urn);
      if (levelOf(rule.id, context.environment) !== policy.level) return;
      for (const subject of subjectsOf(args)) {
        for (const { message } of judgeObject(rule, subject, context).violations) report(message);
      }
    },
  }));
}

/** Rules that compare objects see the whole stack; they end the preview that comes before an update. */
function stackPolicies(rule: Rule): StackValidationPolicy[] {
  if (!rule.checkAll) return [];
  return policyLevels.map((policy) => ({
    ...describe(rule, policy),
    name: `${rule.id}-stack${policy.suffix}`,
    validateStack({ resources }, report) {
      const [first] = resources;
      if (!first) return;
      const context = contextOf(first.urn);
      if (levelOf(rule.id, context.environment) !== policy.level) return;
      const subjects = resources.flatMap(subjectsOf);
      for (const { message, subject } of judgeSet(rule, subjects, context).violations) {
        report(message, subject.pulumi?.urn);
      }
    },
  }));
}

const exemptionsPolicy: StackValidationPolicy = {
  name: "exemptions",
  description: "Exemptions have not expired and are still needed.",
  enforcementLevel: "mandatory",
  validateStack({ resources }, report: ReportViolation) {
    const [first] = resources;
    if (!first) return;
    const context = contextOf(first.urn);
    const subjects = resources.flatMap(subjectsOf);
    const used = new Set<Exemption>();
    for (const rule of rules) {
      const judgements = [
        ...(rule.check ? subjects.map((subject) => judgeObject(rule, subject, context)) : []),
        judgeSet(rule, subjects, context),
      ];
      for (const judgement of judgements) judgement.used.forEach((exemption) => used.add(exemption));
    }
    for (const { message } of staleExemptions(subjects, used, context)) report(message);
  },
};

new PolicyPack("gitops-platform", {
  policies: [
    ...rules.flatMap((rule) => [...resourcePolicies(rule), ...stackPolicies(rule)]),
    exemptionsPolicy,
  ],
});
