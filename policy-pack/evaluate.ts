import type { Environment } from "../config/environment";
import { appliesTo, covers, isAbout, isExpired, type Exemption } from "./exemptions";
import { fields, list } from "./fields";
import { levelOf, type Level } from "./levels";
import { withoutSecrets } from "./redact";
import { objectName, type Finding, type KubernetesObject, type Rule, type Subject } from "./rule";
import { UnknownValueError } from "./unknown-value";

/** What all judgements of one run share. */
export interface EvaluationContext {
  readonly environment: Environment;
  readonly exemptions: readonly Exemption[];
  /** The day that decides whether an exemption has expired. */
  readonly now: Date;
  /** Levels other than those of the table. */
  readonly levels?: (rule: string, environment: Environment) => Level;
}

/** One thing that is wrong with one object, ready to be shown. */
export interface Violation {
  /** Check and, where it has several, control: `W1/privileged`. */
  readonly rule: string;
  readonly level: Exclude<Level, "off">;
  readonly subject: Subject;
  /** Kind, namespace and name. */
  readonly object: string;
  readonly path: string;
  /** The same text wherever the rule runs. */
  readonly message: string;
}

/** What judging brought to light. */
export interface Judgement {
  readonly violations: readonly Violation[];
  /** The exemptions that were needed. */
  readonly used: ReadonlySet<Exemption>;
}

/** What rules may see: the items of a List one by one, and Secrets without their values. */
export function prepare(subjects: readonly Subject[]): readonly Subject[] {
  return subjects.flatMap((subject) => {
    const { kind = "", items } = subject.object;
    if (kind.endsWith("List") && Array.isArray(items)) {
      return prepare(list(items).map((item) => ({ ...subject, object: fields(item) as KubernetesObject })));
    }
    const object = withoutSecrets(subject.object);
    return [object === subject.object ? subject : { ...subject, object }];
  });
}

type Attributed = Finding & { readonly subject: Subject };

/** What a rule finds; a rule that cannot decide has found something. */
function decide<Found extends Finding>(find: () => Iterable<Found>): readonly (Found | Finding)[] {
  const findings: (Found | Finding)[] = [];
  try {
    for (const finding of find()) findings.push(finding);
  } catch (error) {
    const isUnknown = error instanceof UnknownValueError;
    findings.push({
      path: isUnknown ? error.path : "",
      // The text of any other error may quote the object, and so a Secret.
      problem: isUnknown
        ? "is only known during the update, so the rule cannot be decided before anything is written"
        : "cannot be judged, because the object is not shaped as its kind demands",
      fix: isUnknown
        ? "Give the field a value that is known before the update."
        : "Correct the shape of the object.",
    });
  }
  return findings;
}

/** Of what most rules find in most objects. */
const nothing: Judgement = { violations: [], used: new Set() };

function judge(rule: Rule, find: () => readonly Attributed[], context: EvaluationContext): Judgement {
  const level = (context.levels ?? levelOf)(rule.id, context.environment);
  if (level === "off") return nothing;
  const findings = find();
  if (findings.length === 0) return nothing;
  const violations: Violation[] = [];
  const used = new Set<Exemption>();
  for (const { subject, path, problem, control, fix = rule.fix } of findings) {
    const id = control === undefined ? rule.id : `${rule.id}/${control}`;
    const by = subject.pulumi ? "pulumi" : "git";
    const exemption = context.exemptions.find(
      (candidate) =>
        appliesTo(candidate, { environment: context.environment, by }) &&
        !isExpired(candidate, context.now) &&
        covers(candidate, { check: rule.id, control: id }, subject.object),
    );
    if (exemption) {
      used.add(exemption);
      continue;
    }
    const object = objectName(subject.object);
    const where = path === "" ? object : `${object} ${path}`;
    const message = `${id} ${rule.title}: ${where}: ${problem}. Fix: ${fix}`;
    violations.push({ rule: id, level, subject, object, path, message });
  }
  return { violations, used };
}

/** Judges one prepared object by one rule. */
export function judgeObject(rule: Rule, subject: Subject, context: EvaluationContext): Judgement {
  const { environment } = context;
  const { pulumi, object } = subject;
  const ruleContext = pulumi ? { environment, pulumi } : { environment };
  const find = () =>
    decide(() => rule.check?.(object, ruleContext) ?? []).map((finding) => ({ ...finding, subject }));
  return judge(rule, find, context);
}

/** What one cluster holds, for each cluster: an object protects nothing on another one. */
function byCluster(subjects: readonly Subject[]): readonly (readonly Subject[])[] {
  const clusters = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const name = subject.pulumi?.provider?.name ?? "";
    const cluster = clusters.get(name);
    if (cluster) cluster.push(subject);
    else clusters.set(name, [subject]);
  }
  return [...clusters.values()];
}

function findInSets(
  rule: Rule,
  subjects: readonly Subject[],
  environment: Environment,
): readonly Attributed[] {
  if (!rule.checkAll) return [];
  return byCluster(subjects).flatMap((cluster) => {
    const subjectOf = new Map(cluster.map((subject) => [subject.object, subject]));
    const findings = decide(() => rule.checkAll?.([...subjectOf.keys()], { environment }) ?? []);
    return findings.map((finding) => {
      const object = "object" in finding ? finding.object : undefined;
      return { ...finding, subject: (object && subjectOf.get(object)) ?? cluster[0]! };
    });
  });
}

/** Judges all prepared objects of one delivery together by one rule. */
export function judgeSet(rule: Rule, subjects: readonly Subject[], context: EvaluationContext): Judgement {
  return judge(rule, () => findInSets(rule, subjects, context.environment), context);
}

/** Exemptions that have expired, or that nothing in a complete delivery needs any more. */
export function staleExemptions(
  subjects: readonly Subject[],
  used: ReadonlySet<Exemption>,
  context: EvaluationContext,
): readonly { readonly exemption: Exemption; readonly message: string }[] {
  const objects = subjects.map((subject) => subject.object);
  const by = subjects.some((subject) => subject.pulumi) ? "pulumi" : "git";
  return context.exemptions
    .filter((exemption) => appliesTo(exemption, { environment: context.environment, by }))
    .filter(
      (exemption) =>
        (context.levels ?? levelOf)(exemption.rule.split("/")[0]!, context.environment) !== "off",
    )
    .flatMap((exemption) => {
      const name = `exemption from ${exemption.rule} for ${exemption.kind} ${exemption.namespace}/${exemption.name}`;
      if (isExpired(exemption, context.now)) {
        const message = `${name}: expired on ${exemption.expires}. Fix: ${exemption.owner} removes the cause, or renews it with a new reason.`;
        return [{ exemption, message }];
      }
      const isDelivered = objects.some((object) => isAbout(exemption, object));
      if (used.has(exemption) || (exemption.optional && !isDelivered)) return [];
      return [
        { exemption, message: `${name}: nothing needs it any more. Fix: remove it from exemptions.yaml.` },
      ];
    });
}

export interface EvaluateOptions extends EvaluationContext {
  readonly rules: readonly Rule[];
  /** Whether the subjects are everything that one source delivers; only then can an exemption be called unused. */
  readonly complete: boolean;
}

/** Judges every object by every rule, and the exemptions by what they were needed for. */
export function evaluate(delivered: readonly Subject[], options: EvaluateOptions): readonly Violation[] {
  const subjects = prepare(delivered);
  const used = new Set<Exemption>();
  const violations: Violation[] = [];
  const keep = (judgement: Judgement): void => {
    violations.push(...judgement.violations);
    judgement.used.forEach((exemption) => used.add(exemption));
  };
  for (const rule of options.rules) {
    if (rule.check) for (const subject of subjects) keep(judgeObject(rule, subject, options));
    keep(judgeSet(rule, subjects, options));
  }
  if (options.complete) {
    for (const { message } of staleExemptions(subjects, used, options)) {
      const subject: Subject = { object: { kind: "Exemption" }, file: "policy-pack/exemptions.yaml" };
      violations.push({
        rule: "exemptions",
        level: "mandatory",
        subject,
        object: "exemptions.yaml",
        path: "",
        message,
      });
    }
  }
  return violations;
}
