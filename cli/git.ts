import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ExecaError } from "execa";
import { CliError } from "./errors";

/** git answers in English, asks nobody for a password and never opens an editor. */
const environment = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true", GIT_OPTIONAL_LOCKS: "0" };

const timeout = 120_000;

/** An address may have credentials in it; an error must not repeat them. */
export function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^/\s@]+@/g, "://");
}

async function git(cwd: string, args: readonly string[], input = ""): Promise<string> {
  try {
    const { stdout } = await execa("git", args, {
      cwd,
      env: environment,
      input,
      timeout,
      stripFinalNewline: false,
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError;
    const reason = withoutCredentials(String(stderr || shortMessage).trim());
    throw new CliError(`git ${args[0]} failed: ${reason}`);
  }
}

/**
 * The top of the work tree that holds `directory`.
 *
 * @throws CliError where there is none.
 */
export async function findRoot(directory: string): Promise<string> {
  const { exitCode, stdout, code } = await execa("git", ["rev-parse", "--show-toplevel"], {
    cwd: directory,
    env: environment,
    timeout,
    reject: false,
  });
  if (code === "ENOENT") throw new CliError("The git command cannot be run; install git and put it on PATH");
  if (exitCode === 0) return stdout;
  throw new CliError(`${directory} is not inside a git clone; change into the clone of the platform first`);
}

async function isTrue(cwd: string, args: readonly string[]): Promise<boolean> {
  const { exitCode } = await execa("git", args, { cwd, env: environment, timeout, reject: false });
  return exitCode === 0;
}

/**
 * @throws CliError where a promotion would start from something else than what the remote says: changes not
 * committed, a detached HEAD, a shallow clone, no such remote, nobody to commit as.
 */
export async function requireCleanClone(cwd: string, remote: string): Promise<void> {
  const remotes = (await git(cwd, ["remote"])).split("\n");
  if (!remotes.includes(remote)) {
    throw new CliError(`There is no git remote "${remote}"; add it with git remote add ${remote} URL`);
  }
  if ((await git(cwd, ["rev-parse", "--is-shallow-repository"])).trim() === "true") {
    throw new CliError("This clone is shallow, so its history is incomplete; run git fetch --unshallow");
  }
  if (!(await isTrue(cwd, ["symbolic-ref", "--quiet", "HEAD"]))) {
    throw new CliError("HEAD is detached; check out a branch first, for example git switch main");
  }
  const changes = (await git(cwd, ["status", "--porcelain"])).trimEnd();
  if (changes) {
    throw new CliError(
      `The work tree has changes that are not committed; commit or remove them first:\n${changes}`,
    );
  }
  if (!(await isTrue(cwd, ["var", "GIT_COMMITTER_IDENT"]))) {
    throw new CliError("git does not know who commits; set user.name and user.email");
  }
}

/** Name of the person whom git commits as. */
export async function committer(cwd: string): Promise<string> {
  return (await git(cwd, ["var", "GIT_COMMITTER_IDENT"])).replace(/ \d+ [+-]\d+\n?$/, "");
}

/** Reads the remote's branches and the given further refs, and forgets those that are gone there. */
export async function fetchRemote(
  cwd: string,
  remote: string,
  refspecs: readonly string[] = [],
): Promise<void> {
  const branches = `+refs/heads/*:refs/remotes/${remote}/*`;
  await git(cwd, ["fetch", "--quiet", "--prune", "--no-tags", remote, branches, ...refspecs]);
}

/** The commit a revision names, or undefined. */
export async function resolveCommit(cwd: string, revision: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(
    "git",
    ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`],
    { cwd, env: environment, timeout, reject: false },
  );
  return exitCode === 0 ? stdout.trim() : undefined;
}

export async function isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean> {
  return isTrue(cwd, ["merge-base", "--is-ancestor", ancestor, descendant]);
}

/** The commit at which two histories part, or undefined where they share none. */
export async function mergeBase(cwd: string, left: string, right: string): Promise<string | undefined> {
  const { exitCode, stdout } = await execa("git", ["merge-base", left, right], {
    cwd,
    env: environment,
    timeout,
    reject: false,
  });
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** Object ids of the files below `directory` at a commit, by path. */
export async function listFiles(
  cwd: string,
  commit: string,
  directory: string,
): Promise<Map<string, string>> {
  const listing = await git(cwd, ["ls-tree", "-r", "-z", "--full-tree", commit, "--", directory]);
  return new Map(
    listing
      .split("\0")
      .filter(Boolean)
      .map((entry) => {
        const [meta = "", path = ""] = entry.split("\t");
        return [path, meta.split(" ")[2]!];
      }),
  );
}

/** The text of many objects in one process; an object that does not exist is left out. */
export async function readObjects(cwd: string, ids: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (ids.length === 0) return texts;
  const { stdout } = await execa("git", ["cat-file", "--batch"], {
    cwd,
    env: environment,
    input: `${ids.join("\n")}\n`,
    encoding: "buffer",
    timeout,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  const output = Buffer.from(stdout);
  for (let offset = 0, index = 0; offset < output.length; index++) {
    const headerEnd = output.indexOf("\n", offset);
    const header = output.toString("utf8", offset, headerEnd);
    offset = headerEnd + 1;
    if (header.endsWith(" missing")) continue;
    const size = Number(header.split(" ").at(-1));
    texts.set(ids[index]!, output.toString("utf8", offset, offset + size));
    offset += size + 1;
  }
  return texts;
}

/** The text of one file at a commit, or undefined where it does not exist. */
export async function readFileAt(cwd: string, commit: string, path: string): Promise<string | undefined> {
  const name = `${commit}:${path}`;
  return (await readObjects(cwd, [name])).get(name);
}

/** One commit with the files it changed below the paths that were asked for. */
export interface Change {
  readonly commit: string;
  readonly time: Date;
  readonly subject: string;
  /** Object id of each changed file after the commit, by path; all zeros for a removed file. */
  readonly files: ReadonlyMap<string, string>;
}

/** The commits reachable from `commit` that changed something below `path`, newest first. */
export async function listChanges(cwd: string, commit: string, path: string): Promise<Change[]> {
  const format = "--format=%x00%H%x1f%cI%x1f%s";
  const log = await git(cwd, [
    "log",
    "-m",
    "--first-parent",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    format,
    commit,
    "--",
    path,
  ]);
  return log
    .split("\0")
    .slice(1)
    .map((record) => {
      const [header = "", ...lines] = record.split("\n");
      const [hash = "", time = "", subject = ""] = header.split("\x1f");
      const files = lines
        .filter((line) => line.startsWith(":"))
        .map((line): [string, string] => {
          const [meta = "", file = ""] = line.split("\t");
          return [file, meta.split(" ")[3]!];
        });
      return { commit: hash, time: new Date(time), subject, files: new Map(files) };
    });
}

export async function readMessage(cwd: string, commit: string): Promise<string> {
  return git(cwd, ["show", "--no-patch", "--format=%B", commit]);
}

/** Refs below a prefix with the commit each names. */
export async function listRefs(cwd: string, prefix: string): Promise<Map<string, string>> {
  const listing = await git(cwd, ["for-each-ref", "--format=%(refname) %(objectname)", prefix]);
  return new Map(
    listing
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(" ") as [string, string]),
  );
}

/** Runs `work` in a work tree of its own at `commit`, so that the caller's files are never touched. */
export async function inWorkTree<T>(
  cwd: string,
  commit: string,
  work: (tree: string) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), "platform-"));
  const tree = join(parent, "tree");
  try {
    await git(cwd, ["worktree", "add", "--quiet", "--detach", tree, commit]);
    return await work(tree);
  } finally {
    await rm(parent, { recursive: true, force: true });
    await git(cwd, ["worktree", "prune"]);
  }
}

/** Commits exactly these paths of the work tree and returns the commit. */
export async function commitFiles(tree: string, paths: readonly string[], message: string): Promise<string> {
  await git(tree, ["add", "--", ...paths]);
  await git(tree, ["commit", "--quiet", "--cleanup=verbatim", "--file=-"], message);
  return (await git(tree, ["rev-parse", "HEAD"])).trim();
}

/** The paths in which two commits differ. */
export async function changedPaths(cwd: string, left: string, right: string): Promise<string[]> {
  return (await git(cwd, ["diff", "--name-only", "-z", "--no-renames", left, right]))
    .split("\0")
    .filter(Boolean);
}

/** `raced`: the ref moved meanwhile, so plan again. Anything else that goes wrong is thrown. */
export type PushResult = "pushed" | "raced";

const racePattern =
  /\[rejected\]|\[remote rejected\].*(cannot lock ref|failed to update ref|incorrect old value|reference already exists|fetch first)/;

/**
 * Sends one commit to one ref, and only if the remote's ref still is `expected`.
 *
 * @param expected the commit that the ref names at the remote; undefined where it must not exist yet.
 * @throws CliError with the remote's own words where it refuses: a protected branch, a hook, missing rights.
 */
export async function push(
  cwd: string,
  remote: string,
  commit: string,
  ref: string,
  expected: string | undefined,
): Promise<PushResult> {
  const lease = `--force-with-lease=${ref}:${expected ?? ""}`;
  const result = await execa("git", ["push", "--porcelain", lease, remote, `${commit}:${ref}`], {
    cwd,
    env: environment,
    timeout,
    reject: false,
  });
  if (result.exitCode === 0) return "pushed";
  const answer = `${result.stdout}\n${result.stderr}`;
  if (racePattern.test(answer)) return "raced";
  throw new CliError(
    `The remote refused ${ref}: ${withoutCredentials(answer.trim() || (result.shortMessage ?? ""))}`,
  );
}
