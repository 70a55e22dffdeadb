import { environments, type Environment } from "../../config/environment";
import { CliError, RefusedError } from "../errors";
import { imageVersion, sameImage, type Image } from "./image";
import { imagePath, type Images } from "./overlay";

/** One service that will change. */
export interface PlannedChange {
  readonly service: string;
  /** What the target runs before. */
  readonly before: Image;
  /** What the source runs, and the target will. */
  readonly after: Image;
  readonly path: string;
  /** The whole new content of `path`. */
  readonly text: string;
}

export interface PromotionPlan {
  readonly from: Environment;
  readonly to: Environment;
  readonly changes: readonly PlannedChange[];
  /** Wanted services whose image is already the source's. */
  readonly settled: ReadonlyMap<string, Image>;
  /** Services of the source that the target does not have; a new service enters an environment by its overlay. */
  readonly absent: readonly string[];
}

export interface PromotionRequest {
  readonly from: Environment;
  readonly to: Environment;
  /** Empty means every service. */
  readonly services: readonly string[];
  /** Services that stay as they are, wanted or not. */
  readonly without?: ReadonlySet<string>;
  /** An emergency may skip an environment; omitted, it may not. */
  readonly skip?: boolean;
}

/** @throws CliError where nothing comes before: its images come from a delivery pipeline. */
export function environmentBefore(to: Environment): Environment {
  const from = environments[environments.indexOf(to) - 1];
  if (from) return from;
  throw new CliError(`No environment comes before ${to}; an image reaches it by a commit to its image.yaml`);
}

/** @throws CliError unless `to` is the environment right after `from`, or any later one where skipping is allowed. */
export function requireOrder(from: Environment, to: Environment, skip = false): void {
  const distance = environments.indexOf(to) - environments.indexOf(from);
  if (distance === 1 || (skip && distance > 1)) return;
  const order = environments.join(", then ");
  if (distance === 0) throw new CliError(`--from and --to are both ${from}; changes travel through ${order}`);
  if (distance < 0) {
    throw new CliError(
      `${from} comes after ${to}; changes travel through ${order}. To go back, use platform rollback`,
    );
  }
  const between = environments[environments.indexOf(from) + 1];
  throw new CliError(
    `${from} to ${to} skips ${between}; promote to ${between} first, or give the reason with --emergency`,
  );
}

function requireKnownServices(images: Images, request: PromotionRequest): void {
  for (const service of request.services) {
    for (const environment of [request.from, request.to]) {
      if (images.get(environment)?.has(service)) continue;
      const known = [...(images.get(environment)?.keys() ?? [])].sort().join(", ") || "none";
      throw new CliError(
        `${imagePath(environment, service)} does not exist; services of ${environment}: ${known}`,
      );
    }
  }
}

/** What a promotion would change; reads and writes nothing. */
export function planPromotion(images: Images, request: PromotionRequest): PromotionPlan {
  requireOrder(request.from, request.to, request.skip);
  requireKnownServices(images, request);
  const source = images.get(request.from) ?? new Map<string, never>();
  const target = images.get(request.to) ?? new Map<string, never>();
  const asked = request.services.length > 0 ? [...new Set(request.services)] : [...source.keys()];
  const wanted = asked.filter((service) => !request.without?.has(service));
  const changes: PlannedChange[] = [];
  const settled = new Map<string, Image>();
  for (const service of wanted.filter((name) => target.has(name)).sort()) {
    const [after, before] = [source.get(service)!, target.get(service)!];
    if (sameImage(after.image, before.image)) {
      settled.set(service, after.image);
      continue;
    }
    const path = imagePath(request.to, service);
    const text = before.withImage(after.image);
    changes.push({ service, before: before.image, after: after.image, path, text });
  }
  return {
    from: request.from,
    to: request.to,
    changes,
    settled,
    absent: wanted.filter((name) => !target.has(name)).sort(),
  };
}

/** The same request for the services of a plan alone: what has changed since must not slip in unseen. */
export function sameServices(plan: PromotionPlan): PromotionRequest {
  return { from: plan.from, to: plan.to, services: plan.changes.map(({ service }) => service) };
}

/**
 * Refuses to go on where somebody else moved one of the planned services to another image meanwhile: the reader
 * agreed to another plan. A service that got exactly the planned image is done.
 *
 * @throws RefusedError that prints both versions.
 */
export function requireSamePlan(agreed: PromotionPlan, now: PromotionPlan): void {
  const moved = agreed.changes.flatMap((change) => {
    const again = now.changes.find(({ service }) => service === change.service);
    const settled = now.settled.get(change.service);
    if (settled && sameImage(settled, change.after)) return [];
    if (again && sameImage(again.before, change.before) && sameImage(again.after, change.after)) return [];
    const planned = `${imageVersion(change.before)} -> ${imageVersion(change.after)}`;
    const found = again
      ? `${imageVersion(again.before)} -> ${imageVersion(again.after)}`
      : imageVersion(settled!);
    return [`  ${change.service}: planned ${planned}, now ${found}`];
  });
  if (moved.length === 0) return;
  throw new RefusedError(
    [
      `Somebody changed ${agreed.from} or ${agreed.to} meanwhile; nothing was written. Run it again:`,
      ...moved,
    ].join("\n"),
  );
}
