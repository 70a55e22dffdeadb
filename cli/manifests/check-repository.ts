import { type Environment, environments } from "../../config/environment";
import { CliError } from "../errors";
import { loadSettings, settingsPath } from "../settings";
import type { Rendered } from "./build";
import { checkBuild, type Part } from "./check-build";
import { type Finding, unreadable } from "./finding";
import { pointAtSources } from "./point-at-sources";
import { policyFindings } from "./policy";
import { basesOf, renderRepository } from "./repository";
import { delivery } from "./rules/delivery";
import { oneOwner } from "./rules/one-owner";
import { oneProducer } from "./rules/one-producer";
import { promotionOrder } from "./rules/promotion-order";
import { references } from "./rules/references";
import { unusedBase } from "./rules/unused-base";

/** What was looked at, and what is wrong with it. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly objects: number;
  readonly files: number;
}

function partOf(build: Rendered): Part {
  if (build.directory.includes("/overlays/")) return "overlay";
  return build.service === "root" ? "root" : "application";
}

function isOverlay(build: Rendered): boolean {
  return partOf(build) === "overlay";
}

/** What can be said of the folders of an environment together. */
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
    ...oneOwner(own),
    ...oneProducer(objects),
    ...references(objects, complete),
  ];
}

/** The file beside the manifests that says where each environment runs. */
function settingsFindings(root: string): Finding[] {
  try {
    loadSettings(root);
    return [];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [unreadable(settingsPath, error.message.replace(`${settingsPath}: `, ""))];
  }
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
    ...problems,
    ...settingsFindings(root),
    ...(await Promise.all(builds.map((build) => checkBuild(build, partOf(build), root)))).flat(),
    ...environments.flatMap((environment) => checkEnvironment(builds, environment)),
    ...promotionOrder(builds.filter(isOverlay)),
    ...unusedBase(builds, await basesOf(root), root),
  ];
  for (const build of builds) found = await pointAtSources(build, found, root);
  return {
    findings: found,
    objects: builds.reduce((sum, build) => sum + build.objects.length, 0),
    files: builds.length,
  };
}
