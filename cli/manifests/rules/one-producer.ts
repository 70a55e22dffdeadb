import type { Finding } from "../finding";
import { type KubernetesObject, type LocatedObject, nameOf, titleOf } from "../object";

/** Name of the Secret that an object brings about, or undefined for objects that bring none. */
export function producedSecret(object: KubernetesObject): string | undefined {
  if (object.kind === "Secret" || object.kind === "SealedSecret") return nameOf(object);
  if (object.kind !== "ExternalSecret") return undefined;
  const spec = object["spec"] as { target?: { name?: string } } | undefined;
  return spec?.target?.name ?? nameOf(object);
}

/** Two producers of one Secret overwrite each other, and which one wins depends on the hour. */
export function oneProducer(objects: readonly LocatedObject[]): Finding[] {
  const producers = new Map<string, KubernetesObject>();
  return objects.flatMap(({ object, file, line }) => {
    const secret = producedSecret(object);
    if (secret === undefined) return [];
    const key = `${object.metadata?.namespace ?? ""}/${secret}`;
    const other = producers.get(key);
    if (!other) producers.set(key, object);
    if (!other || titleOf(other) === titleOf(object)) return [];
    return [
      {
        file,
        object: titleOf(object),
        rule: "one-producer",
        level: "mandatory" as const,
        message: `makes the Secret ${secret}, which ${titleOf(other)} makes too; keep one producer`,
        ...(line && { line }),
      },
    ];
  });
}
