import { existsSync, renameSync, rmSync } from "node:fs";
import { execa } from "execa";
import { SandboxError } from "../errors";

/** The branch that Argo CD follows in the sandbox. */
export const branch = "main";

const branchRef = `refs/heads/${branch}`;
const workTreeRef = "refs/sandbox/work-tree";

async function git(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await execa("git", args, { cwd });
  return stdout.trim();
}

/** The commit that is checked out in the work tree. */
export async function workTreeHead(workTree: string): Promise<string> {
  try {
    return await git(["rev-parse", "--verify", "HEAD^{commit}"], workTree);
  } catch (error) {
    throw new SandboxError(
      `${workTree} has no git commit that Argo CD could follow`,
      "Clone the project with git, or run: git init && git add . && git commit -m 'Start'",
      { cause: error },
    );
  }
}

/** The commit that the served branch points to; nothing before the first one. */
export async function servedHead(repository: string): Promise<string | undefined> {
  const result = await execa("git", ["rev-parse", "--verify", "--quiet", branchRef], {
    cwd: repository,
    reject: false,
  });
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** Makes the empty repository that is served; it appears complete or not at all. */
export async function ensureRepository(repository: string, directory: string): Promise<void> {
  if (existsSync(repository)) return;
  const staging = `${repository}.tmp`;
  rmSync(staging, { recursive: true, force: true });
  await git(["init", "--quiet", "--bare", `--initial-branch=${branch}`, staging], directory);
  await git(["config", "http.receivepack", "true"], staging);
  await git(["config", "receive.shallowUpdate", "true"], staging);
  renameSync(staging, repository);
}

/** What following the work tree came to. */
export type FollowResult = "unchanged" | "moved" | "diverged";

/**
 * Moves the served branch to the commit that is checked out in the work tree, where that only adds commits.
 * A branch that has commits of its own, pushed to the sandbox, is left as it is.
 */
export async function followWorkTree(repository: string, workTree: string): Promise<FollowResult> {
  const [head, served] = await Promise.all([workTreeHead(workTree), servedHead(repository)]);
  if (head === served) return "unchanged";
  await git(
    ["fetch", "--quiet", "--update-shallow", "--no-tags", workTree, `+HEAD:${workTreeRef}`],
    repository,
  );
  if (served && !(await isAncestor(served, head, repository))) {
    return (await isAncestor(head, served, repository)) ? "unchanged" : "diverged";
  }
  await git(["update-ref", branchRef, head, ...(served ? [served] : [])], repository);
  return "moved";
}

async function isAncestor(older: string, newer: string, repository: string): Promise<boolean> {
  const result = await execa("git", ["merge-base", "--is-ancestor", older, newer], {
    cwd: repository,
    reject: false,
  });
  return result.exitCode === 0;
}

/** The files that differ between two commits; all files of the second where there is no first. */
export async function changedFiles(
  repository: string,
  from: string | undefined,
  to: string,
): Promise<string[]> {
  const args = from ? ["diff", "--name-only", "-z", from, to] : ["ls-tree", "-r", "--name-only", "-z", to];
  return (await git(args, repository)).split("\0").filter((file) => file !== "");
}

/** Whether what Argo CD delivers is the same at this commit as at the head of the served branch. */
export async function deliversHead(repository: string, revision: string): Promise<boolean> {
  if (revision === (await servedHead(repository))) return true;
  const args = ["diff", "--quiet", revision, branch, "--", "infrastructure"];
  return (await execa("git", args, { cwd: repository, reject: false })).exitCode === 0;
}
