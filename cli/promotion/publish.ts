import { changedPaths, commitFiles, push, readFileAt, resolveCommit, mergeBase } from "../git";
import type { GitHub, PullRequest, PullRequestText } from "../github";
import type { FileChange } from "./apply";

/** A change that is ready to leave this machine. */
export interface Publication {
  /** The clone that knows the remote. */
  readonly cwd: string;
  /** A work tree at `base` in which the files are written already. */
  readonly tree: string;
  readonly remote: string;
  readonly branch: string;
  /** The commit of `branch` that the change was planned on. */
  readonly base: string;
  readonly files: readonly FileChange[];
  readonly message: string;
}

/** How a publication is proposed instead of pushed to the branch itself. */
export interface Proposal {
  readonly github: GitHub;
  /** The branch that carries the proposal; the same for the same change, so that its pull request is found again. */
  readonly head: string;
  readonly text: PullRequestText;
}

/** `raced`: the remote moved meanwhile, so plan again. */
export type Published =
  | { readonly kind: "raced" }
  | { readonly kind: "pushed"; readonly commit: string }
  | { readonly kind: "proposed"; readonly commit: string; readonly pullRequest: PullRequest };

function pathsOf(files: readonly FileChange[]): string[] {
  return files.map(({ path }) => path).sort();
}

/** Commits the files onto the branch itself. */
export async function publishDirectly(publication: Publication): Promise<Published> {
  const { cwd, tree, remote, branch, base, files, message } = publication;
  const commit = await commitFiles(tree, pathsOf(files), message);
  const result = await push(cwd, remote, commit, `refs/heads/${branch}`, base);
  return result === "raced" ? { kind: "raced" } : { kind: "pushed", commit };
}

/** Whether a branch holds exactly this change and nothing else, and would still merge cleanly. */
async function holdsChange(publication: Publication, tip: string): Promise<boolean> {
  const { cwd, base, files } = publication;
  const fork = await mergeBase(cwd, tip, base);
  if (!fork || (await changedPaths(cwd, fork, tip)).sort().join("\0") !== pathsOf(files).join("\0"))
    return false;
  for (const { path, text } of files) {
    if ((await readFileAt(cwd, tip, path)) !== text) return false;
    if ((await readFileAt(cwd, fork, path)) !== (await readFileAt(cwd, base, path))) return false;
  }
  return true;
}

/** Commits the files onto a branch of their own and opens a pull request, or reuses what is there already. */
export async function publishProposal(publication: Publication, proposal: Proposal): Promise<Published> {
  const { cwd, tree, remote, branch, files, message } = publication;
  const tip = await resolveCommit(cwd, `refs/remotes/${remote}/${proposal.head}`);
  let commit = tip;
  if (tip === undefined || !(await holdsChange(publication, tip))) {
    commit = await commitFiles(tree, pathsOf(files), message);
    if ((await push(cwd, remote, commit, `refs/heads/${proposal.head}`, tip)) === "raced")
      return { kind: "raced" };
  }
  const pullRequest = await proposal.github.propose(proposal.head, branch, proposal.text);
  return { kind: "proposed", commit: commit!, pullRequest };
}
