import { at, elements, fields, text, texts } from "./fields";

function expressionMatches(
  expression: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  const key = text(expression.key);
  const values = texts(expression.values);
  const has = Object.hasOwn(labels, key);
  switch (text(expression.operator)) {
    case "In":
      return has && values.includes(text(labels[key]));
    case "NotIn":
      return !has || !values.includes(text(labels[key]));
    case "Exists":
      return has;
    case "DoesNotExist":
      return !has;
    default:
      return false;
  }
}

/** Whether a label selector takes these labels; an empty selector takes all, a missing one none. */
export function selects(selector: unknown, labels: unknown): boolean {
  if (selector === undefined || selector === null) return false;
  const wanted = Object.entries(fields(at(selector, "matchLabels")));
  const own = fields(labels);
  return (
    wanted.every(([key, value]) => text(own[key]) === text(value) && Object.hasOwn(own, key)) &&
    elements(at(selector, "matchExpressions"), "").every((expression) =>
      expressionMatches(expression.fields, own),
    )
  );
}

/** Whether a selector names no label at all, and so takes everything. */
export function selectsEverything(selector: unknown): boolean {
  return (
    selector !== undefined &&
    selector !== null &&
    Object.keys(fields(at(selector, "matchLabels"))).length === 0 &&
    elements(at(selector, "matchExpressions"), "").length === 0
  );
}

/** Selectors of many objects, kept so that the few that may take certain labels are found without trying all. */
export class SelectorIndex<T> {
  private readonly byPlace = new Map<string, { readonly selector: unknown; readonly item: T }[]>();

  /** Keeps an item that applies to what its selector takes in its namespace. */
  add(namespace: string, selector: unknown, item: T): void {
    const [first] = Object.entries(fields(at(selector, "matchLabels")));
    const place = first ? `${namespace}/${first[0]}=${text(first[1])}` : namespace;
    const kept = this.byPlace.get(place);
    if (kept) kept.push({ selector, item });
    else this.byPlace.set(place, [{ selector, item }]);
  }

  /** The items whose selector takes these labels in this namespace. */
  taking(namespace: string, labels: unknown): T[] {
    const places = Object.entries(fields(labels)).map(([key, value]) => `${namespace}/${key}=${text(value)}`);
    return [namespace, ...places]
      .flatMap((place) => this.byPlace.get(place) ?? [])
      .filter(({ selector }) => selects(selector, labels))
      .map(({ item }) => item);
  }
}
