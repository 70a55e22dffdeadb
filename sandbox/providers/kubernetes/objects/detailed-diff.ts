import { equal, isMap, isUnknown } from "../../protocol/properties";
import type { Property, PropertyMap } from "../../protocol/properties";

export type Change = "add" | "delete" | "update";

export interface PropertyChange {
  change: Change;
  replaces: boolean;
}

type Path = readonly (string | number)[];

interface Sides {
  /** What the merge patch says; undefined is a deletion inside a list, which the patch cannot say. */
  patch: Property;
  old: Property | undefined;
  input: Property | undefined;
}

/**
 * Says property by property what a merge patch changes.
 *
 * @param patch from the old object to the new inputs
 * @param forceNew paths such as `.spec.selector`, whose change (or that of anything below them) replaces the object
 * @returns changes by property path, as the engine writes it: `spec.template.metadata.labels["app.kubernetes.io/name"]`
 */
export function detailedDiff(
  patch: PropertyMap,
  old: PropertyMap,
  inputs: PropertyMap,
  forceNew: readonly string[],
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();

  const visit = (path: Path, sides: Sides): void => {
    const change = changeOf(sides);
    if (change === "nested") {
      visitNested(path, sides);
    } else if (change !== undefined) {
      changes.set(pathText(path), { change, replaces: isForced(path, sides.patch, forceNew) });
    }
  };

  const visitNested = (path: Path, { patch: value, old: before, input }: Sides): void => {
    if (isMap(value) && isMap(before)) {
      const inList = path.some((part) => typeof part === "number");
      // The patch holds list elements whole, so what an element lost shows only in the comparison.
      const keys = inList ? new Set([...Object.keys(value), ...Object.keys(before)]) : Object.keys(value);
      for (const key of keys) {
        visit([...path, key], {
          patch: key in value ? (value[key] ?? null) : null,
          old: before[key],
          input: isMap(input) ? input[key] : undefined,
        });
      }
    } else if (Array.isArray(value) && Array.isArray(before)) {
      const items = Array.isArray(input) ? input : [];
      for (let index = 0; index < Math.max(value.length, before.length); index++) {
        visit([...path, index], { patch: value[index] ?? null, old: before[index], input: items[index] });
      }
    }
  };

  for (const [key, value] of Object.entries(patch)) {
    visit([key], { patch: value, old: old[key], input: inputs[key] });
  }
  return changes;
}

function changeOf({ patch, old, input }: Sides): Change | "nested" | undefined {
  // Without an input, nothing but the loss of an earlier one is the user's doing.
  if (input === undefined && (patch !== null || old === undefined)) return undefined;
  if (patch === null) return old === undefined ? undefined : "delete";
  if (old === undefined) return "add";
  if (isUnknown(patch)) return "update";
  if ((isMap(patch) && isMap(old)) || (Array.isArray(patch) && Array.isArray(old))) return "nested";
  return equal(patch, old) ? undefined : "update";
}

function isForced(path: Path, value: Property, forceNew: readonly string[]): boolean {
  const changed = "." + path.map((part) => (typeof part === "number" ? "[*]" : part)).join(".");
  const normalized = changed.replaceAll(".[*]", "[*]");
  return forceNew.some(
    (forced) => isAtOrBelow(normalized, forced) || (value !== null && reaches(normalized, forced, value)),
  );
}

function isAtOrBelow(path: string, forced: string): boolean {
  return path === forced || path.startsWith(`${forced}.`) || path.startsWith(`${forced}[`);
}

/** Whether a value that is added or changed as a whole contains a forced path. */
function reaches(path: string, forced: string, value: Property): boolean {
  if (!isAtOrBelow(forced, path)) return false;
  const rest = forced
    .slice(path.length)
    .split(/\.|(?=\[)/)
    .filter(Boolean);
  const contains = (inner: Property | undefined, parts: string[]): boolean => {
    const [part, ...others] = parts;
    if (part === undefined) return inner !== undefined;
    if (part === "[*]") return Array.isArray(inner) && inner.some((item) => contains(item, others));
    return isMap(inner) && part in inner && contains(inner[part], others);
  };
  return contains(value, rest);
}

/** A property path in the engine's notation. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** The parts of a property path in the engine's notation; `*` stands for any part. */
export function parsePath(text: string): (string | number)[] {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, plain]) => {
    if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return plain ?? "";
  });
}

/** Whether a change at `path` is one of those that `ignored` names. */
export function isIgnored(path: string, ignored: readonly string[]): boolean {
  const parts = parsePath(path);
  return ignored.some((entry) => {
    const prefix = parsePath(entry);
    return (
      prefix.length <= parts.length && prefix.every((part, index) => part === "*" || part === parts[index])
    );
  });
}
