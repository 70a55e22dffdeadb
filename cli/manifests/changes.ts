import { createTwoFilesPatch } from "diff";
import { stringify } from "yaml";
import type { Rendered } from "./build";
import { maskSecrets } from "./mask";
import { identityOf, type KubernetesObject, titleOf, withoutHash } from "./object";

/** What happens to one object. */
export interface ObjectChange {
  /** As it is called afterwards, or before when it goes. */
  readonly title: string;
  readonly kind: "added" | "changed" | "removed";
  /** Unified difference with everything secret masked. */
  readonly diff: string;
}

function text(object: KubernetesObject | undefined): string {
  return object
    ? stringify(maskSecrets(object), { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false })
    : "";
}

/** Without the lines that name the two files: the objects have the same name. */
function unifiedDiff(before: KubernetesObject | undefined, after: KubernetesObject | undefined): string {
  const patch = createTwoFilesPatch("before", "after", text(before), text(after), undefined, undefined, {
    context: 3,
  });
  return patch.split("\n").slice(3).join("\n").trimEnd();
}

/** The identity without the hash that a generator adds, so that a new ConfigMap is compared with the one it replaces. */
function stableIdentity(object: KubernetesObject): string {
  return withoutHash(identityOf(object));
}

type Pair = readonly [before: KubernetesObject | undefined, after: KubernetesObject | undefined];

function pairs(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): Pair[] {
  const remaining = new Map(before.map((object) => [identityOf(object), object]));
  const takeFirst = (matches: (object: KubernetesObject) => boolean): KubernetesObject | undefined => {
    const entry = [...remaining].find(([, object]) => matches(object));
    if (entry) remaining.delete(entry[0]);
    return entry?.[1];
  };
  const exact = after.map((object): Pair => {
    const identity = identityOf(object);
    const same = remaining.get(identity);
    remaining.delete(identity);
    return [same, object];
  });
  const paired = exact.map(([old, object]): Pair => {
    return [old ?? takeFirst((candidate) => stableIdentity(candidate) === stableIdentity(object!)), object];
  });
  return [...paired, ...[...remaining.values()].map((object): Pair => [object, undefined])];
}

/** What becomes different between two builds of the same folder; one of them may not exist. */
export function compareBuilds(before: Rendered | undefined, after: Rendered | undefined): ObjectChange[] {
  const objectsOf = (build: Rendered | undefined) => (build?.objects ?? []).map(({ object }) => object);
  return pairs(objectsOf(before), objectsOf(after)).flatMap(([old, object]): ObjectChange[] => {
    const diff = unifiedDiff(old, object);
    if (diff === "") return [];
    const kind = !old ? "added" : !object ? "removed" : "changed";
    return [{ title: titleOf((object ?? old)!), kind, diff }];
  });
}
