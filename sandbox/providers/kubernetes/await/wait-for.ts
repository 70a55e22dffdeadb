import { isMap } from "../../protocol/properties";
import type { KubernetesObject } from "../objects/object";
import { text, valueAt } from "../objects/object";
import { parseJsonPath } from "./json-path";
import { conditionsOf, number, ready, waiting } from "./readiness";
import type { Awaiter, Readiness } from "./readiness";

type Check = (live: KubernetesObject) => Readiness;

/**
 * The awaiter that the annotation `pulumi.com/waitFor` describes: `condition=Ready`, `condition=Ready=False`,
 * `jsonpath={.status.phase}=Running`, or a JSON list of these, of which all must hold.
 * Throws for anything else. https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor
 */
export function parseWaitFor(annotation: string): Awaiter {
  const checks = expressions(annotation).map(parseExpression);
  return (live) => {
    const open = checks.map((check) => check(live)).filter(({ state }) => state !== "ready");
    return open[0] ?? ready;
  };
}

function expressions(annotation: string): string[] {
  try {
    const list: unknown = JSON.parse(annotation);
    if (!Array.isArray(list)) return [annotation];
    if (list.length === 0) throw new RangeError("at least one condition must be specified");
    return list.map(String);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return [annotation];
  }
}

function parseExpression(expression: string): Check {
  if (expression.startsWith("condition=")) return conditionCheck(expression.slice("condition=".length));
  if (expression.startsWith("jsonpath=")) return jsonPathCheck(expression.slice("jsonpath=".length));
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${expression}"`);
}

function conditionCheck(expression: string): Check {
  const at = expression.indexOf("=");
  const [type, status] = at < 0 ? [expression, "True"] : [expression.slice(0, at), expression.slice(at + 1)];
  const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();
  return (live) => {
    if (!isCurrent(live, type)) return waiting("Waiting for the controller to see the new generation");
    const condition = conditionsOf(live).find((candidate) => same(candidate.type, type));
    if (!condition) return waiting(`Waiting for condition ${type}=${status}`);
    if (same(condition.status, status)) return ready;
    const found = `Resource has condition ${type}=${condition.status} (want ${status})`;
    return waiting(condition.message === "" ? found : `${found}: ${condition.message}`);
  };
}

/** A condition says which generation it judges, or the status says it for all of them. */
function isCurrent(live: KubernetesObject, type: string): boolean {
  const conditions = valueAt(live, "status", "conditions");
  const raw = Array.isArray(conditions)
    ? conditions.find((item) => isMap(item) && text(item["type"]).toLowerCase() === type.toLowerCase())
    : undefined;
  const generation = number(valueAt(live, "metadata", "generation"));
  const observed = valueAt(raw, "observedGeneration") ?? valueAt(live, "status", "observedGeneration");
  return number(observed, generation) >= generation;
}

function jsonPathCheck(expression: string): Check {
  const { path, wanted, select } = parseJsonPath(expression);
  const goal = wanted === "" ? path : `${path}=${wanted}`;
  return (live) => {
    const generation = number(valueAt(live, "metadata", "generation"));
    if (number(valueAt(live, "status", "observedGeneration"), generation) < generation) {
      return waiting("Waiting for the controller to see the new generation");
    }
    const found = select(live)[0];
    if (found === undefined) return waiting(`${path} selected nothing`);
    if (wanted === "") return ready;
    if (typeof found === "object" && found !== null) throw new Error(`"${path}" has a non-primitive value`);
    return String(found) === wanted ? ready : waiting(`Waiting for ${goal} (found "${String(found)}")`);
  };
}
