import type { Verdict } from "../gates/verdict";
import { CliError, RefusedError } from "../errors";
import { fetchRemote, inWorkTree, requireCleanClone, resolveCommit } from "../git";
import type { GitHub } from "../github";
import type { Settings } from "../settings";
import { applyChanges, type FileChange } from "./apply";
import { formatMessage, formatTrailers, type Message } from "./commit-message";
import { healthRefs } from "./health-record";
import { formatMarkdown, type Presentation } from "./presentation";
import { publishDirectly, publishProposal, type Published } from "./publish";
import { showProgress } from "../progress";

/** Somebody who pushes all the time is met this often; then a person should look. */
const attempts = 5;

/** What is to be committed, as planned on one commit. */
export interface Change {
  readonly files: readonly FileChange[];
  readonly message: Omit<Message, "verdicts">;
  /** The branch of a pull request; the same change always has the same one. */
  readonly head: string;
  /** What a pull request can be found by. */
  readonly labels: readonly string[];
}

/** How a change comes about; each part is asked again when somebody else was faster. */
export interface Delivery<C extends Change> {
  /**
   * @param agreed the change that was shown before, if any.
   * @returns undefined where nothing is left to do.
   * @throws RefusedError where the outcome would be another than the one agreed to.
   */
  plan(base: string, agreed: C | undefined): Promise<C | undefined>;
  judge(change: C, base: string, tree: string): Promise<Verdict[]>;
  present(change: C, verdicts: readonly Verdict[]): Presentation;
  /**
   * Takes what gates refused out of the next plan.
   *
   * @returns whether anything was taken out and anything is left; omitted, a refusal stops everything.
   */
  leaveOut?(change: C, verdicts: readonly Verdict[]): boolean;
  /** Asked once, after the plan and the figures were shown. */
  confirm(change: C): Promise<boolean>;
}

export interface DeliveryOptions {
  readonly cwd: string;
  readonly settings: Settings;
  /** Show the plan and the gates; write nothing. */
  readonly dryRun: boolean;
  /** Where pull requests are opened; undefined where changes are pushed to the branch itself. */
  readonly github: GitHub | undefined;
  /** Called once, before anything is written. */
  readonly show: (presentation: Presentation) => void;
}

export type Delivered<C extends Change> =
  | { readonly kind: "nothing"; readonly base: string }
  | { readonly kind: "planned"; readonly base: string; readonly change: C }
  | (Exclude<Published, { kind: "raced" }> & { readonly base: string; readonly change: C });

/** The branch at the remote, as it is now. */
export async function fetchBase(cwd: string, settings: Settings): Promise<string> {
  const { remote, branch } = settings.git;
  await fetchRemote(cwd, remote, [healthRefs]);
  const base = await resolveCommit(cwd, `refs/remotes/${remote}/${branch}`);
  if (base) return base;
  throw new CliError(
    `The remote ${remote} has no branch ${branch}; set git.branch in infrastructure/promotion.yaml`,
  );
}

function requirePassed(verdicts: readonly Verdict[]): void {
  const refused = verdicts.filter(({ passed }) => !passed);
  if (refused.length === 0) return;
  const gates = [...new Set(refused.map(({ gate }) => gate))].join(", ");
  throw new RefusedError(
    `Refused by ${refused.length} of ${verdicts.length} gates (${gates}); nothing was written.`,
  );
}

/** A plan whose refused parts are to be left out is made again, without them. */
type Round = Published | "planned" | "left out";

/**
 * Plans, judges, shows, asks, commits and publishes; starts again from the new state whenever the remote moved in between.
 *
 * @throws RefusedError where a gate says no, the person does, or the remote never holds still.
 */
export async function deliver<C extends Change>(
  delivery: Delivery<C>,
  options: DeliveryOptions,
): Promise<Delivered<C>> {
  const { cwd, settings } = options;
  await requireCleanClone(cwd, settings.git.remote);
  let agreed: C | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const base = await showProgress(`fetching ${settings.git.remote}`, fetchBase(cwd, settings));
    const change = await delivery.plan(base, agreed);
    if (!change) return { kind: "nothing", base };
    const round = await inWorkTree(cwd, base, (tree) =>
      oneRound(delivery, options, { base, tree, change, confirmed: agreed !== undefined }),
    );
    if (round === "left out") continue;
    if (round === "planned") return { kind: "planned", base, change };
    if (round.kind !== "raced") return { ...round, base, change };
    agreed = change;
    process.stderr.write(`Somebody else pushed meanwhile; planning again (${attempt} of ${attempts}).\n`);
  }
  throw new RefusedError(`The remote moved ${attempts} times meanwhile; nothing was written. Run it again.`);
}

async function oneRound<C extends Change>(
  delivery: Delivery<C>,
  options: DeliveryOptions,
  {
    base,
    tree,
    change,
    confirmed,
  }: { readonly base: string; readonly tree: string; readonly change: C; readonly confirmed: boolean },
): Promise<Round> {
  const { cwd, settings, github, dryRun, show } = options;
  await applyChanges(tree, change.files);
  const verdicts = await showProgress("asking the gates", delivery.judge(change, base, tree));
  if (delivery.leaveOut?.(change, verdicts)) return "left out";
  const presentation = delivery.present(change, verdicts);
  if (!confirmed) show(presentation);
  requirePassed(verdicts);
  if (dryRun) return "planned";
  if (!confirmed && !(await delivery.confirm(change)))
    throw new RefusedError("Not confirmed; nothing was written.");
  const { files, head } = change;
  const message = { ...change.message, verdicts };
  const publication = { cwd, tree, ...settings.git, base, files, message: formatMessage(message) };
  if (!github) return showProgress("pushing", publishDirectly(publication));
  const body = [formatMarkdown(presentation), formatTrailers(message)].join("\n\n");
  const text = { title: message.subject, body, labels: change.labels };
  return showProgress("proposing", publishProposal(publication, { github, head, text }));
}
