import type { Environment } from "../../config/environment";
import { evaluate } from "../../policy-pack/evaluate";
import { loadExemptions } from "../../policy-pack/exemptions";
import { rules } from "../../policy-pack/rules";
import type { Finding } from "./finding";
import type { LocatedObject } from "./object";

/**
 * What the policy rules say about objects that are delivered together.
 *
 * @param complete whether these are all objects that git delivers to the environment; only then can an exemption be
 * called unused.
 */
export function policyFindings(
  objects: readonly LocatedObject[],
  environment: Environment,
  complete: boolean,
): Finding[] {
  if (objects.length === 0) return [];
  const lines = new Map(objects.map(({ object, line }) => [object as unknown, line]));
  const options = { rules, environment, exemptions: loadExemptions(), now: new Date(), complete };
  return evaluate(objects, options).map(({ rule, level, subject, object, message }) => {
    const line = lines.get(subject.object);
    return { file: subject.file ?? "", object, rule, level, message, ...(line && { line }) };
  });
}
