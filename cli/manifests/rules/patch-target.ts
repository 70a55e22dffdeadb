import type { Rendered } from "../build";
import type { Finding } from "../finding";
import { groupOf, type KubernetesObject, nameOf, withoutHash } from "../object";

type Target = Readonly<Record<string, string>>;

/** kustomize anchors the patterns of a target at both ends. */
function matches(pattern: string | undefined, value: string): boolean {
  return pattern === undefined || pattern === "" || new RegExp(`^(?:${pattern})$`).test(value);
}

function selects(target: Target, object: KubernetesObject): boolean {
  const [, version = object.apiVersion] = object.apiVersion.split("/");
  const name = nameOf(object);
  return (
    matches(target["kind"], object.kind) &&
    matches(target["group"], groupOf(object)) &&
    matches(target["version"], version) &&
    // A generated object has its name's hash by now; the target still names it without.
    (matches(target["name"], name) || matches(target["name"], withoutHash(name))) &&
    matches(target["namespace"], object.metadata?.namespace ?? "")
  );
}

/** kustomize says nothing when the target of a patch selects no object: the change just never happens. */
export function patchTarget(build: Rendered): Finding[] {
  if (build.objects.length === 0) return [];
  return build.kustomizations.flatMap(({ file, patches }) =>
    patches.flatMap(({ target, line }) => {
      if (!target || build.objects.some(({ object }) => selects(target, object))) return [];
      const wanted = Object.entries(target)
        .map(([field, value]) => `${field} ${value}`)
        .join(", ");
      return [
        {
          file,
          object: "",
          rule: "patch-target",
          level: "mandatory" as const,
          message: `patches ${wanted}, but the build has no such object; correct the target or remove the patch`,
          line,
        },
      ];
    }),
  );
}
