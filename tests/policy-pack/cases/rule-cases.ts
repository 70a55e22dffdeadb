import type { Environment } from "../../../config/environment";
import type { KubernetesObject, PulumiFacts } from "../../../policy-pack/rule";

/** A change to one object of the compliant set. */
export type Change = (objects: KubernetesObject[]) => void;

/** What a rule must say to objects that keep to it, that break it, and that leave a field out. */
export interface RuleCases {
  readonly rule: string;
  /** Production when omitted, where rules are strictest. */
  readonly environment?: Environment;
  /** Given where Pulumi applies the objects; omitted, git delivers them. */
  readonly pulumi?: Partial<PulumiFacts>;
  readonly compliant: () => KubernetesObject[];
  /** One change each, and the controls that find it, divided by spaces (empty where the check has only one). */
  readonly fails: readonly (readonly [control: string, title: string, change: Change])[];
  /** One field left out each; the control that finds it, or nothing where absence is safe. */
  readonly absent: readonly (readonly [control: string | undefined, title: string, change: Change])[];
  /** Further changes that keep to the rule. */
  readonly passes?: readonly (readonly [title: string, change: Change])[];
}

type Container = Record<string | number, unknown>;

function parts(path: string): string[] {
  return path
    .split(/\.(?![^[]*\])|[[\]]/)
    .filter((part) => part !== "")
    .map((part) => part.replace(/^"|"$/g, ""));
}

function parent(objects: KubernetesObject[], path: readonly string[]): Container {
  let current = objects as unknown as Container;
  for (const part of path.slice(0, -1)) {
    current[part] ??= {};
    current = current[part] as Container;
  }
  return current;
}

/** Sets a field; the path begins with the index of the object: `0.spec.template`, `0.data["a.b"]`. */
export function set(path: string, value: unknown): Change {
  return (objects) => {
    const names = parts(path);
    parent(objects, names)[names.at(-1)!] = value;
  };
}

/** Leaves a field out; whole objects are removed. */
export function unset(path: string): Change {
  return (objects) => {
    const names = parts(path);
    if (names.length === 1) objects.splice(Number(names[0]), 1);
    else delete parent(objects, names)[names.at(-1)!];
  };
}

/** Adds an object. */
export function add(object: KubernetesObject): Change {
  return (objects) => void objects.push(object);
}

export function all(...changes: Change[]): Change {
  return (objects) => changes.forEach((change) => change(objects));
}

/** Makes a field throw when it is read, as one that is not known yet does. */
export function throwing(path: string, field: string, error: Error): Change {
  return (objects) => {
    const names = [...parts(path), field];
    const get = (): never => {
      throw error;
    };
    Object.defineProperty(parent(objects, names), field, { enumerable: true, get });
  };
}
