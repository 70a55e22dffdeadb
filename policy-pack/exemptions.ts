import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Environment, environments } from "../config/environment";
import { fitsGlob } from "./glob";
import type { KubernetesObject } from "./rule";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is not a date like 2026-12-31");

const exemption = z.strictObject({
  /** A check (`R2`) or one control of it (`W1/host-path-volumes`). */
  rule: z.string().regex(/^[A-Z]\d+(\/[a-z-]+)?$/, "is not a rule id like W1 or W1/privileged"),
  kind: z.string().min(1),
  /** Name of the object; `*` stands for any characters. */
  name: z
    .string()
    .min(1)
    .refine((name) => name !== "*", "exempts every object; name them"),
  /** Namespace of the object; for one without a namespace, of the component that it belongs to. `*` as in name. */
  namespace: z.string().min(1),
  /** Who delivers the object: `pulumi`, or `git` through Argo CD. */
  deliveredBy: z.enum(["pulumi", "git"]),
  /** Omitted, the exemption holds in every environment. */
  environments: z.array(z.enum(environments)).min(1).optional(),
  /** Whether only some stacks deliver the object, as their configuration has it; omitted, every one does. */
  optional: z.boolean().default(false),
  reason: z.string().min(20, "is too short to convince anybody"),
  owner: z.string().min(1),
  /** The last day on which the exemption holds, UTC. */
  expires: day,
});

export type Exemption = z.output<typeof exemption>;

/** Reads exemptions and names every problem; throws when there is one, since half a list is none. */
export function parseExemptions(text: string): readonly Exemption[] {
  const result = z.array(exemption).safeParse(parse(text) ?? []);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  [${issue.path.join(".")}] ${issue.message}`);
  throw new Error(`the exemptions are not valid:\n${problems.join("\n")}`);
}

/** The exemptions of this project. */
export function loadExemptions(path = join(__dirname, "exemptions.yaml")): readonly Exemption[] {
  return parseExemptions(readFileSync(path, "utf8"));
}

export function isExpired(exemption: Exemption, now: Date): boolean {
  return now.toISOString().slice(0, 10) > exemption.expires;
}

/** Where an exemption is looked for. */
export interface Delivery {
  readonly environment: Environment;
  readonly by: Exemption["deliveredBy"];
}

export function appliesTo(exemption: Exemption, delivery: Delivery): boolean {
  return (
    exemption.deliveredBy === delivery.by && (exemption.environments?.includes(delivery.environment) ?? true)
  );
}

/** Whether an exemption speaks of this rule (check and control) and object. */
export function covers(
  exemption: Exemption,
  rule: { check: string; control: string },
  object: KubernetesObject,
): boolean {
  return (exemption.rule === rule.check || exemption.rule === rule.control) && isAbout(exemption, object);
}

/** Whether an exemption names an object. */
export function isAbout(exemption: Exemption, object: KubernetesObject): boolean {
  const namespace = object.metadata?.namespace;
  return (
    exemption.kind === object.kind &&
    (namespace === undefined || fitsGlob(exemption.namespace, namespace)) &&
    fitsGlob(exemption.name, object.metadata?.name ?? "")
  );
}
