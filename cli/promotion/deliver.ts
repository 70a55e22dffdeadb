import type { Verdict } from "../gates/verdict";
import { CliError, RefusedError } from "../errors";
import { fetchRemote, inWorkTree, requireCleanClone, resolveCommit } from "../git";
import type { GitHub } from "../github";
import type { Settings } from "../settings";
import { applyChanges, type FileChange } from "./apply";
import { formatMessage, type Message } from "./commit-message";
import { healthRefs } from "./health-record";
import { publishDirectly, publishProposal, type Published } from "./publish";

/** Somebody who pushes all the time is met this often; then a person should look. */
const attempts = 5;

/** What is to be committed, as planned on one commit. */
export interface Change {
  readonly files: readonly FileChange[];
  readonly message: Omit<Message, "verdicts">;
  /** The branch of a pull request; the same change always has the same one. */
  readonly head: string;
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
  show(change: C, verdicts: readonly Verdict[]): void;
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

/**
 * Plans, judges, shows, asks, commits and publishes; starts again from the new state whenever the remote moved in between.
 *
 * @throws RefusedError where a gate says no, the person does, or the remote never holds still.
 */
export async function deliver<C extends Change>(
  delivery: Delivery<C>,
  options: DeliveryOptions,
): Promise<Delivered<C>> {
  const { cwd, settings, github } = options;
  await requireCleanClone(cwd, settings.git.remote);
  let agreed: C | undefined;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const base = await fetchBase(cwd, settings);
    const change = await delivery.plan(base, agreed);
    if (!change) return { kind: "nothing", base };
    const confirmed = agreed !== undefined;
    const published = await inWorkTree(cwd, base, async (tree) => {
      await applyChanges(tree, change.files);
      const verdicts = await delivery.judge(change, base, tree);
      if (!confirmed) delivery.show(change, verdicts);
      requirePassed(verdicts);
      if (options.dryRun) return undefined;
      if (!confirmed && !(await delivery.confirm(change)))
        throw new RefusedError("Not confirmed; nothing was written.");
      const { files, head } = change;
      const message = formatMessage({ ...change.message, verdicts });
      const publication = { cwd, tree, ...settings.git, base, files, message };
      if (!github) return publishDirectly(publication);
      const [title = "", ...body] = message.split("\n");
      return publishProposal(publication, { github, head, text: { title, body: body.join("\n").trim() } });
    });
    if (!published) return { kind: "planned", base, change };
    if (published.kind !== "raced") return { ...published, base, change };
    agreed = change;
    process.stderr.write(`Somebody else pushed meanwhile; planning again (${attempt} of ${attempts}).\n`);
  }
  throw new RefusedError(`The remote moved ${attempts} times meanwhile; nothing was written. Run it again.`);
}
