import type { Rendered } from "../build";
import type { Finding } from "../finding";
import { identityOf, titleOf } from "../object";

/**
 * Two Applications with the same object overwrite each other for ever.
 *
 * @param builds those of one environment.
 */
export function oneOwner(builds: readonly Rendered[]): Finding[] {
  const owners = new Map<string, string>();
  return builds.flatMap((build) =>
    build.objects.flatMap(({ object }) => {
      const identity = identityOf(object);
      const owner = owners.get(identity);
      if (owner === undefined) owners.set(identity, build.path);
      if (owner === undefined || owner === build.path) return [];
      return [
        {
          file: build.path,
          object: titleOf(object),
          rule: "one-owner",
          level: "mandatory" as const,
          message: `is also delivered by ${owner}; keep it in one of the two`,
        },
      ];
    }),
  );
}
