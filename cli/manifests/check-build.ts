import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Rendered } from "./build";
import type { Finding } from "./finding";
import { sourceFinder } from "./point-at-sources";
import { canaryHooks } from "./rules/canary-hooks";
import { imageFile } from "./rules/image-file";
import { kustomizationFields, overlayNamespace } from "./rules/kustomization-fields";
import { patchTarget } from "./rules/patch-target";
import { permittedKinds } from "./rules/permitted-kinds";
import { sealedFor } from "./rules/sealed-for";
import { unreadFile } from "./rules/unread-file";

/** What a folder is to Argo CD: a service's overlay, the root, or what an Application of the root points at. */
export type Part = "overlay" | "root" | "application";

async function sealedSecrets(build: Rendered, cwd: string): Promise<Finding[]> {
  const sealed = build.objects.filter(({ object }) => object.kind === "SealedSecret");
  if (sealed.length === 0) return [];
  const source = await sourceFinder(build, cwd);
  return sealed.flatMap((rendered) => sealedFor(rendered, source(rendered.object) ?? rendered));
}

/**
 * What can be said of one folder without the others.
 *
 * @param part what the folder is delivered as; undefined where that is not known.
 * @param cwd paths in findings are relative to it.
 */
export async function checkBuild(build: Rendered, part: Part | undefined, cwd: string): Promise<Finding[]> {
  const stated = part === "overlay" || existsSync(join(build.directory, "image.yaml"));
  return [
    ...build.problems,
    ...kustomizationFields(build),
    ...patchTarget(build),
    ...unreadFile(build),
    ...canaryHooks(build),
    ...(await sealedSecrets(build, cwd)),
    ...(stated ? imageFile(build) : []),
    ...(part ? permittedKinds(build, part) : []),
    ...(part === "overlay" ? overlayNamespace(build) : []),
  ];
}
