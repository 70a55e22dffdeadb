import { deployableKinds, observabilityKinds, rootKinds } from "../../../components/argo-cd/deployable-kinds";
import type { Rendered } from "../build";
import type { Finding } from "../finding";
import { groupOf, type KubernetesObject, titleOf } from "../object";

interface Fence {
  readonly project: string;
  readonly kinds: readonly { readonly group: string; readonly kind: string }[];
}

/** What the AppProject of each part of the repository accepts; see components/argo-cd/platform-projects.ts. */
const fences = {
  root: { project: "bootstrap", kinds: rootKinds },
  overlay: { project: "platform", kinds: deployableKinds },
  application: { project: "observability", kinds: observabilityKinds },
} satisfies Record<string, Fence>;

function permits({ kinds }: Fence, object: KubernetesObject): boolean {
  return kinds.some(({ group, kind }) => kind === object.kind && group === groupOf(object));
}

/** Whether a service may contain an object of this kind. */
export function isDeployable(object: KubernetesObject): boolean {
  return permits(fences.overlay, object);
}

/** Argo CD refuses a whole sync for one object that its project does not permit. */
export function permittedKinds(build: Rendered, part: keyof typeof fences): Finding[] {
  const fence = fences[part];
  return build.objects
    .filter(({ object }) => !permits(fence, object))
    .map(({ object, file, line }) => ({
      file,
      object: titleOf(object),
      rule: "permitted-kinds",
      level: "mandatory",
      message: `is of a kind that the project ${fence.project} does not permit, so Argo CD would refuse the whole sync; remove it, or have the platform team add the kind to components/argo-cd/deployable-kinds.ts`,
      ...(line && { line }),
    }));
}
