import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { CliError } from "../errors";
import { resolveCommit } from "../git";

/** The commit at which the work tree left `revision`: what a pull request is compared with. */
export async function forkPoint(root: string, revision: string): Promise<string> {
  const commit = await resolveCommit(root, revision);
  if (!commit) {
    throw new CliError(
      `--base ${revision} is no revision of this repository; fetch it first, or name another one`,
    );
  }
  const { stdout, exitCode } = await execa("git", ["merge-base", commit, "HEAD"], {
    cwd: root,
    reject: false,
  });
  if (exitCode !== 0) {
    throw new CliError(
      `--base ${revision} has no history in common with HEAD; in a shallow clone run git fetch --unshallow`,
    );
  }
  return stdout.trim();
}

/** Calls `use` with a folder that holds the files of a commit, and removes the folder afterwards. */
export async function withRevision<Result>(
  root: string,
  commit: string,
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "platform-revision-"));
  // An index of its own, so that the one of the work tree stays as it is.
  const env = { GIT_INDEX_FILE: join(directory, "index") };
  const tree = join(directory, "tree");
  try {
    await execa("git", ["read-tree", commit], { cwd: root, env });
    await execa("git", ["checkout-index", "--all", `--prefix=${tree}/`], { cwd: root, env });
    return await use(tree);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
