import type { Rendered } from "../build";
import type { Finding } from "../finding";
import { titleOf } from "../object";

const annotations = ["argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"];

/**
 * A sync with steps lasts until everything in it is healthy, and a paused canary is not: its PostSync hooks are not
 * reached, and no revert is taken while it runs. See docs/decisions/0030.
 */
export function canaryHooks(build: Rendered): Finding[] {
  const canary = build.objects.find(({ object }) => object.kind === "Rollout");
  if (!canary) return [];
  return build.objects.flatMap(({ object, file, line }) =>
    annotations
      .filter((name) => object.metadata?.annotations?.[name] !== undefined)
      .map((name) => ({
        file,
        object: titleOf(object),
        rule: "canary-hooks",
        level: "mandatory" as const,
        message: `has ${name} beside ${titleOf(canary.object)}: while the canary is paused such a sync goes on and takes no revert; leave hooks and waves to services without a canary`,
        ...(line && { line }),
      })),
  );
}
