import { Command } from "commander";
import { findRoot } from "../git";
import { comment } from "../manifests/comment";
import { difference } from "../manifests/difference";
import { forkPoint, withRevision } from "../manifests/revision";

interface Options {
  readonly base: string;
  readonly full?: boolean;
}

async function run({ base, full }: Options): Promise<void> {
  const root = await findRoot(process.cwd());
  const commit = await forkPoint(root, base);
  const found = await withRevision(root, commit, (before) => difference(before, root));
  process.stdout.write(comment(found, full));
  process.exitCode = found.broken ? 2 : 0;
}

/** `platform diff`: 0 with the comment on stdout; 2 when a folder of the work tree cannot be built. */
export function diffCommand(): Command {
  return new Command("diff")
    .description("Show what the work tree does to the rendered objects, as a comment for a pull request.")
    .requiredOption("--base <revision>", "compare with the commit at which the work tree left this revision")
    .option("--full", "show everything, even if it is too long for a comment")
    .action(run);
}
