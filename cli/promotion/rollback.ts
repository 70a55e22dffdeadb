import type { Environment } from "../../config/environment";
import { connectArgoCd } from "../cluster/argo-cd";
import { CliError, RefusedError } from "../errors";
import type { GateContext } from "../gates/context";
import { rollbackGates, runGates } from "../gates/run";
import type { Verdict } from "../gates/verdict";
import { committer, readFileAt, resolveCommit } from "../git";
import { deliver, type Change, type Delivered, type DeliveryOptions } from "./deliver";
import { readHealthRecords } from "./health-record";
import { readHistory, versionsSince, type ImageVersion } from "./history";
import { imageReference, imageVersion, sameImage, type Image } from "./image";
import { readImage } from "./image-file";
import { imagePath } from "./overlay";
import { presentCommit, type Presentation } from "./presentation";

/** A version of the past to which a service may return. */
export interface RollbackTarget extends ImageVersion {
  /** Whether it is on record as healthy in this environment. */
  readonly healthy: boolean;
  /** Whether the present image came over it and it was never rolled back since; only such a one is taken by default. */
  readonly earlier: boolean;
}

/**
 * The versions below the present one, newest last: each came by a promotion over the one before. Going back to an
 * older version takes away what had come above it, so what was rolled back is not among them.
 */
function standing(history: readonly ImageVersion[]): ImageVersion[] {
  const versions: ImageVersion[] = [];
  for (const version of [...history].reverse()) {
    const known = versions.findIndex(({ image }) => sameImage(image, version.image));
    if (known === -1) versions.push(version);
    else versions.splice(known + 1);
  }
  return versions.slice(0, -1);
}

/** The distinct images other than the present one, newest first. */
export function rollbackTargets(
  history: readonly ImageVersion[],
  healthy: ReadonlySet<string>,
): RollbackTarget[] {
  const [current] = history;
  const below = standing(history);
  const distinct = history.filter(
    ({ image }, index) => history.findIndex((other) => sameImage(other.image, image)) === index,
  );
  return distinct
    .filter(({ image }) => !sameImage(image, current!.image))
    .map((version) => {
      const same = history.filter(({ image }) => sameImage(image, version.image));
      return {
        ...version,
        healthy: same.some(({ commit }) => healthy.has(commit)),
        earlier: below.some(({ image }) => sameImage(image, version.image)),
      };
    });
}

function listTargets(targets: readonly RollbackTarget[]): string {
  const valid = targets.filter(({ healthy }) => healthy);
  if (valid.length === 0)
    return "No earlier version is on record as healthy here (platform status --record keeps the record).";
  return [
    "Valid targets:",
    ...valid.map(
      ({ commit, image, time }) =>
        `  ${imageVersion(image)} (${commit.slice(0, 10)}, ${time.toISOString().slice(0, 10)})`,
    ),
  ].join("\n");
}

/**
 * The version to return to: the one asked for, or the newest healthy one before the present.
 *
 * @param wanted a whole reference, a tag, or a tag with the beginning of its digest.
 * @throws CliError that lists the valid targets.
 */
export function chooseTarget(targets: readonly RollbackTarget[], wanted: string | undefined): RollbackTarget {
  if (wanted === undefined) {
    const newest = targets.find(({ healthy, earlier }) => healthy && earlier);
    if (newest) return newest;
    const none = targets.some(({ healthy }) => healthy)
      ? "The present version came over no healthy one; name the version with --to. "
      : "";
    throw new RefusedError(`${none}${listTargets(targets)}`);
  }
  const chosen = targets.find((target) => isVersion(target, wanted));
  if (!chosen)
    throw new CliError(`${wanted} is no earlier version of this service here. ${listTargets(targets)}`);
  if (!chosen.healthy)
    throw new RefusedError(
      `${imageVersion(chosen.image)} was never on record as healthy here. ${listTargets(targets)}`,
    );
  return chosen;
}

export interface RollbackRequest {
  readonly service: string;
  readonly environment: Environment;
  /** A commit or version; omitted, the newest healthy one before the present. */
  readonly to?: string | undefined;
}

export interface RollbackOptions extends DeliveryOptions {
  readonly request: RollbackRequest;
  readonly approvers: readonly string[];
  /** Recorded in the commit. */
  readonly reason?: string | undefined;
  readonly confirm: () => Promise<boolean>;
}

export interface RollbackChange extends Change {
  readonly before: Image;
  readonly target: RollbackTarget;
  /** The commits that the target undoes, newest first. */
  readonly takenBack: readonly ImageVersion[];
}

export function noHistory({ service, environment }: RollbackRequest): string {
  return `${imagePath(environment, service)} has no history at the remote branch; is the service's name right?`;
}

/** The image that a commit stated, where a commit is asked for; otherwise the version as it was written. */
export async function resolveWanted(cwd: string, request: RollbackRequest): Promise<string | undefined> {
  const { service, environment, to } = request;
  const commit = to !== undefined && /^[0-9a-f]{7,40}$/.test(to) ? await resolveCommit(cwd, to) : undefined;
  const path = imagePath(environment, service);
  const text = commit && (await readFileAt(cwd, commit, path));
  return text ? imageReference(readImage(text, path)) : to;
}

/** Whether a version is meant by its whole reference, its tag, or its tag with digest. */
export function isVersion({ image }: ImageVersion, wanted: string): boolean {
  return [imageReference(image), image.tag, imageVersion(image)].includes(wanted);
}

/** The inverse commit that brings a version back, as of one commit of the branch. */
export async function changeTo(
  cwd: string,
  base: string,
  { service, environment }: RollbackRequest,
  target: RollbackTarget,
): Promise<RollbackChange> {
  const path = imagePath(environment, service);
  const text = await readFileAt(cwd, base, path);
  if (text === undefined)
    throw new CliError(`${path} does not exist at the remote branch; is the service's name right?`);
  const before = readImage(text, path);
  const history = (await readHistory(cwd, base, environment, service)).get(service) ?? [];
  return {
    before,
    target,
    takenBack: versionsSince(history, target.image),
    files: [{ path, text: target.text }],
    message: {
      subject: `rollback: ${service} ${target.image.tag} in ${environment}`,
      changes: [{ service, before, after: target.image }],
      trailers: [
        ["Rollback", `${environment}/${service}`],
        ["Returns-to", target.commit],
      ],
    },
    head: `rollback/${environment}/${service}`,
    labels: ["rollback", environment],
  };
}

/** What people are told of a rollback; the commits are those that are taken back. */
export function presentRollback(
  kind: string,
  { service, environment }: RollbackRequest,
  { before, target, takenBack }: RollbackChange,
  gates: readonly Verdict[],
): Presentation {
  const after = `${imageVersion(target.image)} (as of ${target.commit.slice(0, 10)})`;
  const commits = takenBack.map((version) =>
    presentCommit({ ...version, subject: `takes back: ${version.subject}` }),
  );
  return {
    title: `${kind} of ${service} in ${environment}`,
    changes: [{ name: service, before: imageVersion(before), after, commits, compare: undefined }],
    gates,
  };
}

/** The rollback for a service, as of one commit of the branch. */
export async function planRollback(
  cwd: string,
  base: string,
  request: RollbackRequest,
): Promise<RollbackChange> {
  const { service, environment } = request;
  const history = (await readHistory(cwd, base, environment, service)).get(service);
  if (!history) throw new CliError(noHistory(request));
  const targets = rollbackTargets(history, await readHealthRecords(cwd, environment, service));
  return changeTo(cwd, base, request, chooseTarget(targets, await resolveWanted(cwd, request)));
}

/** What a rollback asks of the gates: the target environment is its own source. */
export async function rollbackContext(
  options: Pick<RollbackOptions, "cwd" | "settings" | "github" | "approvers" | "request">,
  image: Image,
  base: string,
  tree: string,
): Promise<GateContext> {
  const { cwd, settings, github, approvers, request } = options;
  const own = settings.environments[request.environment];
  const argoCd = connectArgoCd(request.environment, own);
  return {
    cwd,
    base,
    tree,
    from: request.environment,
    to: request.environment,
    candidates: [{ service: request.service, image }],
    gates: own.gates,
    source: argoCd,
    target: argoCd,
    approval: {
      approvers,
      committer: await committer(cwd),
      requiredReviews: github && (() => github.requiredReviews(settings.git.branch)),
    },
    now: new Date(),
  };
}

/** Returns a service to an image that was once healthy in the environment; see docs/runbooks/rollback.md. */
export async function rollback(options: RollbackOptions): Promise<Delivered<RollbackChange>> {
  const { cwd, request } = options;
  return deliver<RollbackChange>(
    {
      async plan(base, agreed) {
        const change = await planRollback(cwd, base, request);
        if (
          agreed &&
          !(sameImage(agreed.before, change.before) && sameImage(agreed.target.image, change.target.image))
        ) {
          throw new RefusedError(
            `Somebody changed ${request.service} meanwhile: it was ${imageVersion(agreed.before)}, now it is ${imageVersion(change.before)}; nothing was written.`,
          );
        }
        const trailers = [...change.message.trailers];
        if (options.reason) trailers.push(["Reason", options.reason]);
        for (const approver of options.approvers) trailers.push(["Approved-by", approver]);
        return { ...change, message: { ...change.message, trailers } };
      },
      judge: async (change, base, tree) =>
        runGates(rollbackGates, await rollbackContext(options, change.target.image, base, tree)),
      present: (change, verdicts) => presentRollback("Rollback", request, change, verdicts),
      confirm: options.confirm,
    },
    options,
  );
}
