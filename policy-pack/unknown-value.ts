/** A rule read a value that is only known once something has been created. */
export class UnknownValueError extends Error {
  constructor(readonly path: string) {
    super(`the value of ${path} is not known before the update`);
    this.name = "UnknownValueError";
  }
}

/** Value at a path, where every unknown one throws when it is read; a fully known value is returned as it is. */
export function guardUnknown(value: unknown, isUnknown: (value: unknown) => boolean, path = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  const isList = Array.isArray(value);
  let changed = false;
  const guarded: Record<string, unknown> = isList ? ([] as never) : {};
  for (const [key, child] of Object.entries(value)) {
    const childPath = isList ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    if (isUnknown(child)) {
      changed = true;
      const get = (): never => {
        throw new UnknownValueError(childPath);
      };
      Object.defineProperty(guarded, key, { enumerable: true, get });
    } else {
      const result = guardUnknown(child, isUnknown, childPath);
      if (result !== child) changed = true;
      guarded[key] = result;
    }
  }
  return changed ? guarded : value;
}
