import { type Environment, environments } from "../../config/environment";
import { type Rendered, sourceFinder } from "./build";
import type { Finding } from "./finding";
import { titleOf } from "./object";
import { policyFindings } from "./policy";
import { basesOf, renderRepository } from "./repository";
import { canaryHooks } from "./rules/canary-hooks";
import { delivery } from "./rules/delivery";
import { imageFile } from "./rules/image-file";
import { kustomizationFields, overlayNamespace } from "./rules/kustomization-fields";
import { oneOwner } from "./rules/one-owner";
import { oneProducer } from "./rules/one-producer";
import { patchTarget } from "./rules/patch-target";
import { permittedKinds } from "./rules/permitted-kinds";
import { promotionOrder } from "./rules/promotion-order";
import { references } from "./rules/references";
import { sealedFor } from "./rules/sealed-for";
import { unreadFile } from "./rules/unread-file";
import { unusedBase } from "./rules/unused-base";

/** What was looked at, and what is wrong with it. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly files: number;
}

function isOverlay(build: Rendered): boolean {
  return build.directory.includes("/overlays/");
}

function partOf(build: Rendered): "overlay" | "root" | "application" {
  if (isOverlay(build)) return "overlay";
  return build.service === "root" ? "root" : "application";
}

/** Findings about objects name the overlay; this points them at the file in which the object is written. */
async function pointAtSources(
  build: Rendered,
  findings: readonly Finding[],
  cwd: string,
): Promise<readonly Finding[]> {
  const concerns = ({ file, object }: Finding) => file === build.path && object !== "";
  // Reading the sources takes as long as building them, so a clean overlay is spared.
  if (!findings.some(concerns)) return findings;
  const source = await sourceFinder(build, cwd);
  const places = new Map(build.objects.map(({ object }) => [titleOf(object), source(object)]));
  return findings.map((finding) => {
    const place = concerns(finding) ? places.get(finding.object) : undefined;
    return place ? { ...finding, file: place.file, ...(place.line && { line: place.line }) } : finding;
  });
}

async function sealedSecrets(build: Rendered, cwd: string): Promise<Finding[]> {
  const sealed = build.objects.filter(({ object }) => object.kind === "SealedSecret");
  if (sealed.length === 0) return [];
  const source = await sourceFinder(build, cwd);
  return sealed.flatMap((rendered) => sealedFor(rendered, source(rendered.object) ?? rendered));
}

function checkEnvironment(builds: readonly Rendered[], environment: Environment): Finding[] {
  const own = builds.filter((build) => build.environment === environment);
  const overlays = own.filter(isOverlay);
  const objects = overlays.flatMap((build) => build.objects);
  // With a part missing, everything that refers to it would be reported too.
  const complete = overlays.every(({ problems }) => problems.length === 0);
  return [
    ...policyFindings(
      own.flatMap((build) => build.objects),
      environment,
      true,
    ),
    ...own.flatMap(({ objects }) => delivery(objects)),
    ...own.flatMap((build) => permittedKinds(build, partOf(build))),
    ...own.flatMap(canaryHooks),
    ...own.flatMap(kustomizationFields),
    ...own.flatMap(unreadFile),
    ...own.flatMap(patchTarget),
    ...overlays.flatMap(imageFile),
    ...overlays.flatMap(overlayNamespace),
    ...oneOwner(own),
    ...oneProducer(objects),
    ...references(objects, complete),
  ];
}

/**
 * Checks everything that Argo CD would deliver from a work tree. Paths in findings are relative to it.
 *
 * @param root top of the work tree.
 * @throws CliError when kustomize cannot be run at all.
 */
export async function checkRepository(root: string): Promise<CheckResult> {
  const { builds, problems } = await renderRepository(root);
  let found: readonly Finding[] = [
    ...environments.flatMap((environment) => checkEnvironment(builds, environment)),
    ...promotionOrder(builds.filter(isOverlay)),
    ...unusedBase(builds, await basesOf(root), root),
    ...(await Promise.all(builds.map((build) => sealedSecrets(build, root)))).flat(),
  ];
  for (const build of builds) found = await pointAtSources(build, found, root);
  return {
    findings: [...problems, ...builds.flatMap((build) => build.problems), ...found],
    objects: builds.reduce((sum, build) => sum + build.objects.length, 0),
    files: builds.length,
  };
}
