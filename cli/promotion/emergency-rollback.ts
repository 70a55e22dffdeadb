import { connectArgoCd, type ArgoCd } from "../cluster/argo-cd";
import type { Application } from "../cluster/application";
import { CliError, RefusedError } from "../errors";
import { imageFault } from "../gates/deployed";
import { imageGate } from "../gates/image";
import { policyGate } from "../gates/policy";
import { runGates } from "../gates/run";
import type { Verdict } from "../gates/verdict";
import { committer, isAncestor, readFileAt, readMessage } from "../git";
import { deliver, fetchBase, type Delivered, type DeliveryOptions } from "./deliver";
import { freezeAll, requireManualSync, unfinishedImage } from "./freeze";
import { readHealthRecords, recordHealth } from "./health-record";
import { introduction, readHistory, type ImageVersion } from "./history";
import { imageReference, imageVersion, type Image } from "./image";
import { readImage } from "./image-file";
import { refresher, waitForBranch, waitUntil, waitUntilLive } from "./live";
import { imagePath } from "./overlay";
import {
  changeTo,
  chooseTarget,
  isVersion,
  noHistory,
  presentRollback,
  resolveWanted,
  rollbackContext,
  rollbackTargets,
  type RollbackChange,
  type RollbackRequest,
  type RollbackTarget,
} from "./rollback";

export interface EmergencyOptions extends DeliveryOptions {
  readonly request: RollbackRequest;
  readonly reason: string;
  /** Why the change goes to the branch without a review; undefined where a pull request is opened. */
  readonly pushDirectly: string | undefined;
  /** Go on although a gate says no; recorded in the commit. */
  readonly despiteGates: boolean;
  /** Seconds for each thing that is waited for. */
  readonly wait: number;
  readonly confirm: () => Promise<boolean>;
  readonly print: (line: string) => void;
}

/** The commits whose image every Application has synced successfully: weaker than a health record, but something. */
async function syncedCommits(
  options: EmergencyOptions,
  targets: readonly RollbackTarget[],
  applications: readonly Application[],
): Promise<Set<string>> {
  const { service, environment } = options.request;
  const synced = new Set<string>();
  for (const revision of new Set(
    applications.flatMap(({ history }) => history.map(({ revision }) => revision)),
  )) {
    const text =
      /^[0-9a-f]{40}$/.test(revision) &&
      (await readFileAt(options.cwd, revision, imagePath(environment, service)));
    if (text) synced.add(imageReference(readImage(text, revision)));
  }
  return new Set(
    targets.filter(({ image }) => synced.has(imageReference(image))).map(({ commit }) => commit),
  );
}

/**
 * The version that an earlier run of the same command was about: frozen for, or pinned for the same reason. Without
 * this, running a finished command again would go back one version further.
 */
async function begunVersion(
  options: EmergencyOptions,
  history: readonly ImageVersion[],
  applications: readonly Application[],
): Promise<ImageVersion | undefined> {
  const frozenFor = unfinishedImage(applications);
  const frozen = history.find(({ image }) => imageReference(image) === frozenFor);
  if (frozen) return frozen;
  const message = await readMessage(options.cwd, introduction(history)!.commit);
  return message.split("\n").includes(`Emergency: ${options.reason}`) ? history[0] : undefined;
}

/** Where to go: on with what was begun, to what was asked for, or to the newest version that is proved. */
async function findTarget(
  options: EmergencyOptions,
  base: string,
  applications: readonly Application[],
): Promise<RollbackTarget> {
  const { cwd, request } = options;
  const { service, environment } = request;
  const history = (await readHistory(cwd, base, environment, service)).get(service);
  if (!history) throw new CliError(noHistory(request));
  const to = await resolveWanted(cwd, request);
  const begun = await begunVersion(options, history, applications);
  if (begun && (to === undefined || isVersion(begun, to))) return { ...begun, healthy: true, earlier: true };
  const recorded = rollbackTargets(history, await readHealthRecords(cwd, environment, service));
  const weaker = await syncedCommits(options, recorded, applications);
  const proved = recorded.map((target) => ({
    ...target,
    healthy: target.healthy || weaker.has(target.commit),
  }));
  const enough = to === undefined && recorded.some(({ healthy, earlier }) => healthy && earlier);
  return chooseTarget(enough ? recorded : proved, to);
}

function overridden(verdicts: readonly Verdict[], despiteGates: boolean): Verdict[] {
  return verdicts.map((verdict) =>
    verdict.passed || !despiteGates
      ? verdict
      : { ...verdict, passed: true, reason: `overridden: ${verdict.reason}` },
  );
}

async function pin(
  options: EmergencyOptions,
  target: RollbackTarget,
  dryRun: boolean,
): Promise<Delivered<RollbackChange>> {
  const { cwd, request, reason, pushDirectly } = options;
  const by = await committer(cwd);
  return deliver<RollbackChange>(
    {
      async plan(base) {
        const change = await changeTo(cwd, base, request, target);
        if (imageReference(change.before) === imageReference(target.image)) return undefined;
        const trailers: [string, string][] = [
          ["Emergency", reason],
          ["Requested-by", by],
        ];
        if (pushDirectly) trailers.push(["Pushed-directly", pushDirectly]);
        return {
          ...change,
          message: { ...change.message, trailers: [...change.message.trailers, ...trailers] },
        };
      },
      async judge(change, base, tree) {
        const context = await rollbackContext({ ...options, approvers: [] }, change.target.image, base, tree);
        return overridden(await runGates([imageGate, policyGate], context), options.despiteGates);
      },
      present: (change, verdicts) => presentRollback("Emergency rollback", request, change, verdicts),
      confirm: () => Promise.resolve(true),
    },
    // The plan was shown once already, by the dry run that comes before anything is frozen.
    { ...options, dryRun, show: dryRun ? options.show : () => {} },
  );
}

/** Why an Application does not yet run the image by the wanted commit; a failed operation ends the waiting. */
function syncFault(application: Application, image: Image, commit: string): string | undefined {
  const { name, lastOperation, operating, health } = application;
  if (operating) return `${name} is still syncing`;
  if (lastOperation?.revision !== commit) return `${name} has not synced ${commit.slice(0, 10)}`;
  if (/Failed|Error/.test(lastOperation.phase))
    throw new RefusedError(`${name} could not be synced: ${lastOperation.message}. It stays frozen.`);
  const fault = imageFault(application, image) ?? (health === "Healthy" ? undefined : `is ${health}`);
  return fault && `${name} ${fault}`;
}

async function syncEverywhere(
  argoCd: ArgoCd,
  options: EmergencyOptions,
  image: Image,
  commit: string,
): Promise<void> {
  const { service } = options.request;
  const by = await committer(options.cwd);
  const find = async (name: string) =>
    (await argoCd.listApplications(service)).find((application) => application.name === name)!;
  for (const { name } of await argoCd.listApplications(service)) {
    let application = await find(name);
    const done =
      !application.operating &&
      application.lastOperation?.revision === commit &&
      application.lastOperation.phase === "Succeeded";
    if (done) continue;
    if (application.operating && application.lastOperation?.revision !== commit) {
      await argoCd.terminate(name);
      await waitUntil(
        async () =>
          (application = await find(name)).operating ? `${name} does not end its operation` : undefined,
        options.wait,
      );
    }
    if (!application.operating)
      await argoCd.sync(application, { revision: commit, by, reason: options.reason });
  }
  await waitUntil(async () => {
    const faults = (await argoCd.listApplications(service)).flatMap(
      (application) => syncFault(application, image, commit) ?? [],
    );
    return faults.length > 0 ? faults.join("; ") : undefined;
  }, options.wait);
}

/** Lets automated sync go on, but only once it would deliver what runs already. */
async function unfreezeAll(
  argoCd: ArgoCd,
  options: EmergencyOptions,
  image: Image,
  base: string,
): Promise<void> {
  const { service, environment } = options.request;
  const refresh = refresher(argoCd);
  await waitUntil(async () => {
    const applications = await argoCd.listApplications(service);
    await refresh(applications);
    for (const { name, sync, revision } of applications) {
      const current = /^[0-9a-f]{40}$/.test(revision) && (await isAncestor(options.cwd, base, revision));
      if (!current) {
        await fetchBase(options.cwd, options.settings);
        return `${name} has not been compared with ${base.slice(0, 10)} yet`;
      }
      if (sync !== "Synced") {
        return `${name} is ${sync} although it runs what git states; look at its differences. It stays frozen`;
      }
    }
    return undefined;
  }, options.wait);
  for (const { name, freeze } of await argoCd.listApplications(service))
    if (freeze !== undefined) await argoCd.unfreeze(name);
  await waitUntilLive(argoCd, environment, service, image, options.wait);
}

/**
 * Freeze, pin in git, sync, verify live, unfreeze. Every step looks first whether it is done, so the same command
 * goes on where an interrupted one ended; see docs/runbooks/emergency-rollback.md.
 */
export async function emergencyRollback(options: EmergencyOptions): Promise<Image> {
  const { cwd, settings, request, print } = options;
  const { service, environment } = request;
  const argoCd = connectArgoCd(environment, settings.environments[environment]);
  const applications = await argoCd.listApplications(service);
  if (applications.length === 0)
    throw new CliError(
      `Argo CD has no Application of ${service} in ${environment}; is the service's name right?`,
    );
  const target = await findTarget(options, await fetchBase(cwd, settings), applications);
  await requireManualSync(argoCd, applications, new Date());
  const planned = await pin(options, target, true);
  if (planned.kind === "nothing")
    print(`Git states ${imageVersion(target.image)} already; going on from there.`);
  if (options.dryRun) return target.image;
  if (!(await options.confirm())) throw new RefusedError("Not confirmed; nothing was written.");

  await freezeAll(argoCd, applications, target.image, await committer(cwd), options.reason);
  print(`1/5 frozen: ${applications.map(({ name }) => name).join(", ")}`);
  const pinned = await pin(options, target, false);
  const commit = pinned.kind === "pushed" || pinned.kind === "proposed" ? pinned.commit : pinned.base;
  const url = pinned.kind === "proposed" ? pinned.pullRequest.url : undefined;
  print(`2/5 pinned in git: ${commit.slice(0, 10)}${url ? `, ${url}` : ""}`);
  await syncEverywhere(argoCd, options, target.image, commit);
  print(`3/5 live and healthy: ${imageReference(target.image)}`);
  const base = await waitForBranch(
    options,
    environment,
    service,
    target.image,
    `Merge ${url ?? "the change"}, then run the same command again; until then it stays frozen`,
  );
  print(`4/5 on ${settings.git.branch}: ${base.slice(0, 10)}`);
  await unfreezeAll(argoCd, options, target.image, base);
  print("5/5 automated sync is on again");
  await recordHealth(cwd, settings.git.remote, [{ environment, service, commit: target.commit }]);
  return target.image;
}
