import { isMap } from "../../protocol/properties";
import type { Property } from "../../protocol/properties";

export interface JsonPath {
  path: string;
  /** Empty: any value will do. */
  wanted: string;
  select(value: Property): Property[];
}

type Step = (value: Property) => Property[];

/**
 * Reads `{.path}` or `{.path}=value`. Understood are names (`.a`, `['a.b']`), positions (`[0]`, `[-1]`), `[*]` and
 * comparisons of a member with a text (`[?(@.type=="Ready")]`). Throws for anything else.
 */
export function parseJsonPath(expression: string): JsonPath {
  const match = /^\{\s*(.*?)\s*\}(?:=([\s\S]*))?$/.exec(expression);
  if (!match) throw new Error(`format should be {.path}=value or {.path}, got "${expression}"`);
  const [, inner = "", wanted] = match;
  if (wanted === "") throw new Error(`{${inner}}= requires a value`);
  const steps = parseSteps(inner);
  return {
    path: `{${inner}}`,
    wanted: wanted ?? "",
    select: (value) => steps.reduce<Property[]>((found, step) => found.flatMap(step), [value]),
  };
}

const stepPattern =
  /^(?:\.([A-Za-z_][\w-]*)|\.?\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*)|\?\(?\s*@\.([\w.-]+)\s*==\s*(?:'([^']*)'|"([^"]*)")\s*\)?)\]|\.(\*))/;

function parseSteps(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path.replace(/^\$/, "");
  while (rest !== "") {
    const match = stepPattern.exec(rest);
    if (!match) throw new Error(`"${path}" is not a JSONPath this provider understands, at "${rest}"`);
    steps.push(stepOf(match));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function stepOf(match: RegExpExecArray): Step {
  const [, plain, single, double, index, star, member, singleText, doubleText, dotStar] = match;
  const name = plain ?? single ?? double;
  if (name !== undefined) return (value) => (isMap(value) && name in value ? [value[name] ?? null] : []);
  if (index !== undefined) return (value) => (Array.isArray(value) ? at(value, Number(index)) : []);
  if (star ?? dotStar) return elements;
  const wanted = singleText ?? doubleText ?? "";
  const inner = parseSteps(`.${member ?? ""}`);
  const memberOf = (value: Property) =>
    inner.reduce<Property[]>((found, step) => found.flatMap(step), [value])[0];
  return (value) => elements(value).filter((item) => memberOf(item) === wanted);
}

function at(list: Property[], index: number): Property[] {
  const item = list.at(index);
  return item === undefined ? [] : [item];
}

function elements(value: Property): Property[] {
  if (Array.isArray(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}
