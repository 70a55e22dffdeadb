/** An object of a manifest whose fields are not yet known to have the right type. */
export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = Object.freeze({});

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of a value; none where it is not an object. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : none;
}

/** The elements of a value; none where it is not a list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The elements of a list with their path; an element that is no object has no fields. */
export function elements(value: unknown, path: string): readonly { fields: Fields; path: string }[] {
  return list(value).map((element, index) => ({ fields: fields(element), path: `${path}[${index}]` }));
}

/** The value as text; empty where it is none. Numbers and booleans count, as YAML writes them without quotes. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The text elements of a list. */
export function texts(value: unknown): readonly string[] {
  return list(value).map(text);
}

/** The value under a path of field names; undefined where any step is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (!isFields(current)) return undefined;
    current = current[name];
  }
  return current;
}

/** Whether a field says something: the API server treats null like an absent field. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Whether a switch is on; everything that is not plainly off counts, so that `"true"` does not slip through. */
export function isOn(value: unknown): boolean {
  return isSet(value) && value !== false && value !== "false" && value !== "";
}
