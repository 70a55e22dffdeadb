import { type Environment, environments } from "../../config/environment";
import { locate, type Rendered } from "./build";
import type { Finding } from "./finding";
import { titleOf } from "./object";
import { policyFindings } from "./policy";
import { renderRepository, type Repository } from "./repository";
import { imageFile } from "./rules/image-file";
import { kustomizationFields, overlayNamespace } from "./rules/kustomization-fields";
import { oneOwner } from "./rules/one-owner";
import { oneProducer } from "./rules/one-producer";
import { patchTarget } from "./rules/patch-target";
import { promotionOrder } from "./rules/promotion-order";
import { references } from "./rules/references";
import { sealedFor } from "./rules/sealed-for";

/** What was looked at, and what is wrong with it. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly files: number;
}

function isOverlay(build: Rendered): boolean {
  return build.directory.includes("/overlays/");
}

/** Findings name the overlay; this points them at the file in which the object is written. */
async function pointAtSources(
  build: Rendered,
  findings: readonly Finding[],
  cwd: string,
): Promise<Finding[]> {
  const ofObjects = findings.some(({ file, object }) => file === build.path && object !== "");
  if (!ofObjects) return [...findings];
  const find = await locate(build, cwd);
  const places = new Map(build.objects.map((located) => [titleOf(located.object), find(located)]));
  return findings.map((finding) => {
    const place = finding.file === build.path ? places.get(finding.object) : undefined;
    return place ? { ...finding, file: place.file, ...(place.line && { line: place.line }) } : finding;
  });
}

async function sealedSecrets(build: Rendered, cwd: string): Promise<Finding[]> {
  const sealed = build.objects.filter(({ object }) => object.kind === "SealedSecret");
  if (sealed.length === 0) return [];
  const { sources } = await locateSources(build, cwd);
  return sealed.flatMap((rendered) => sealedFor(rendered, sources(rendered)));
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
    ),
    ...own.flatMap(kustomizationFields),
    ...own.flatMap(patchTarget),
    ...overlays.flatMap(imageFile),
    ...overlays.flatMap(overlayNamespace),
    ...oneOwner(own),
    ...oneProducer(objects),
    ...(complete ? references(objects) : []),
  ];
}
