import { type KubernetesObject, type LocatedObject, nameOf } from "../object";

/** What else is delivered together with an object. */
export interface Delivered {
  readonly deployments: readonly KubernetesObject[];
  find(kind: string, namespace: string | undefined, name: string): KubernetesObject | undefined;
}

function key(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

export function deliveredTogether(objects: readonly LocatedObject[]): Delivered {
  const all = objects.map(({ object }) => object);
  const byKey = new Map(
    all.map((object) => [key(object.kind, object.metadata?.namespace, nameOf(object)), object]),
  );
  return {
    deployments: all.filter(({ kind }) => kind === "Deployment"),
    find: (kind, namespace, name) => byKey.get(key(kind, namespace, name)),
  };
}
