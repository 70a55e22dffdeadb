import { isMap } from "../../protocol/properties";
import type { Property } from "../../protocol/properties";
import type { Kind, KubernetesObject } from "../objects/object";
import { text, valueAt } from "../objects/object";

/** What is known about whether an object does its work. */
export type Readiness =
  { state: "ready" } | { state: "waiting"; messages: string[] } | { state: "failed"; messages: string[] };

export const ready: Readiness = { state: "ready" };

export function waiting(...messages: string[]): Readiness {
  return { state: "waiting", messages };
}

export function failed(...messages: string[]): Readiness {
  return { state: "failed", messages };
}

/** What an awaiter may look at. */
export interface Surroundings {
  /** The object as it was before this operation; undefined after a creation and for a refresh. */
  before: KubernetesObject | undefined;
  get(kind: Kind, namespace: string, name: string): Promise<KubernetesObject | undefined>;
  list(kind: Kind, namespace: string): Promise<KubernetesObject[]>;
  /** How long the object and what it depends on have stayed the same, in milliseconds. */
  settledFor(state: unknown): number;
}

/** Decides whether the live object of a kind is ready. */
export type Awaiter = (live: KubernetesObject, around: Surroundings) => Promise<Readiness> | Readiness;

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

export function conditionsOf(object: KubernetesObject): Condition[] {
  const conditions = valueAt(object, "status", "conditions");
  if (!Array.isArray(conditions)) return [];
  return conditions.filter(isMap).map((condition) => ({
    type: text(condition["type"]),
    status: text(condition["status"]),
    reason: text(condition["reason"]),
    message: text(condition["message"]),
  }));
}

export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

export function number(value: Property | undefined, fallback = 0): number {
  return typeof value === "number" ? value : fallback;
}

/** Whether the controller has seen the object's present specification. */
export function isObserved(object: KubernetesObject): boolean {
  const generation = number(valueAt(object, "metadata", "generation"));
  return number(valueAt(object, "status", "observedGeneration"), -1) >= generation;
}
