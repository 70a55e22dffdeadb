import type { Environment } from "../config/environment";
import type { Fields } from "./fields";

/** Any object of the Kubernetes API; a resource that only Pulumi knows has an apiVersion of the group `pulumi.com`. */
export interface KubernetesObject extends Fields {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  } & Fields;
}

/** What Pulumi knows about an object beside its fields. */
export interface PulumiFacts {
  readonly urn: string;
  readonly protect: boolean;
  /** Outputs that Pulumi is told to encrypt. */
  readonly secretOutputs: readonly string[];
  /** The explicit or default provider; omitted where Pulumi names none, as for components. */
  readonly provider?: { readonly name: string; readonly inputs: Fields };
}

/** One object to judge and where it comes from. */
export interface Subject {
  readonly object: KubernetesObject;
  /** File of the manifest, for the report. */
  readonly file?: string;
  /** Present where Pulumi applies the object; omitted, git delivers it. */
  readonly pulumi?: PulumiFacts;
}

export interface RuleContext {
  readonly environment: Environment;
  /** Present where Pulumi applies the object; omitted, git delivers it. */
  readonly pulumi?: PulumiFacts;
}

/** One thing that is wrong. Never carries the value of a Secret. */
export interface Finding {
  /** Field path from the object's root; empty for the object as a whole. */
  readonly path: string;
  readonly problem: string;
  /** The control of the check, as in `W1/host-namespaces`; omitted where the check has only one. */
  readonly control?: string;
  /** Omitted, the rule's own fix applies. */
  readonly fix?: string;
}

/** A finding of a rule that looks at all objects together. */
export interface SetFinding extends Finding {
  readonly object: KubernetesObject;
}

export type Severity = "low" | "medium" | "high" | "critical";

interface RuleDescription {
  /** The id of the check, W1 to U3. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What goes wrong without it. */
  readonly why: string;
  readonly fix: string;
  /** Where the reason is written down. */
  readonly link: string;
}

/** Judges one object by itself. */
export interface ObjectRule extends RuleDescription {
  check(object: KubernetesObject, context: RuleContext): Iterable<Finding>;
}

/** Judges all objects of one delivery together: what one object says depends on another. */
export interface SetRule extends RuleDescription {
  checkAll(objects: readonly KubernetesObject[], context: RuleContext): Iterable<SetFinding>;
}

/** A check may judge objects one by one, all together, or both. */
export type Rule = (ObjectRule & Partial<SetRule>) | (SetRule & Partial<ObjectRule>);

/** A literal of the object's name for people: `Deployment platform-dev/bff`. */
export function objectName(object: KubernetesObject): string {
  const { namespace, name, generateName } = object.metadata ?? {};
  const own = name ?? (generateName === undefined ? "(unnamed)" : `${generateName}*`);
  return `${object.kind ?? "(no kind)"} ${namespace ? `${namespace}/` : ""}${own}`;
}
