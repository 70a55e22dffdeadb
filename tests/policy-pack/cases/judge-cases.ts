import { judgeObject, judgeSet, prepare, type EvaluationContext } from "../../../policy-pack/evaluate";
import type { KubernetesObject, PulumiFacts, Rule } from "../../../policy-pack/rule";
import type { RuleCases } from "./rule-cases";

/** The rule ids, with control, that a rule finds in objects, in one delivery. */
export function controlsFound(rule: Rule, cases: RuleCases, objects: readonly KubernetesObject[]): string[] {
  const environment = cases.environment ?? "production";
  // The level is not what these cases are about, so that what is off somewhere is judged all the same.
  const context: EvaluationContext = {
    environment,
    exemptions: [],
    now: new Date("2026-01-01"),
    levels: () => "mandatory",
  };
  const pulumi: PulumiFacts | undefined = cases.pulumi && {
    urn: `urn:pulumi:${environment}::gitops-platform::kubernetes:core/v1:Anything::anything`,
    protect: true,
    secretOutputs: [],
    ...cases.pulumi,
  };
  const subjects = prepare(objects.map((object) => ({ object, ...(pulumi && { pulumi }) })));
  const found = [
    ...subjects.flatMap((subject) => judgeObject(rule, subject, context).violations),
    ...judgeSet(rule, subjects, context).violations,
  ];
  return [...new Set(found.map((violation) => violation.rule))];
}

/** One expectation of a case: what its title says, and whether it holds for a rule. */
export interface Expectation {
  readonly title: string;
  readonly expected: readonly string[];
  found(rule: Rule): readonly string[];
}

/** Everything that the cases of a rule expect of it. */
export function expectations(cases: RuleCases): Expectation[] {
  const after = (change?: (objects: KubernetesObject[]) => void) => (rule: Rule) => {
    const objects = structuredClone(cases.compliant());
    change?.(objects);
    return controlsFound(rule, cases, objects);
  };
  const ids = (controls: string): string[] =>
    controls.split(" ").map((control) => (control === "" ? cases.rule : `${cases.rule}/${control}`));
  return [
    { title: "accepts what keeps to it", expected: [], found: after() },
    ...(cases.passes ?? []).map(([title, change]) => ({
      title: `accepts ${title}`,
      expected: [],
      found: after(change),
    })),
    ...cases.fails.map(([control, title, change]) => ({
      title: `refuses what ${title}`,
      expected: ids(control),
      found: after(change),
    })),
    ...cases.absent.map(([control, title, change]) => ({
      title: control === undefined ? `accepts the absence of ${title}` : `refuses the absence of ${title}`,
      expected: control === undefined ? [] : ids(control),
      found: after(change),
    })),
  ];
}
