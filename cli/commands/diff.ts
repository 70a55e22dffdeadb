import { Command, InvalidArgumentError } from "commander";
import { findRoot } from "../git";
import { comment, commentLimit } from "../manifests/comment";
import { difference } from "../manifests/difference";
import { forkPoint, withRevision } from "../manifests/revision";

interface Options {
  readonly base: string;
  readonly limit: number;
  readonly full?: boolean;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1_000) return limit;
  throw new InvalidArgumentError("write a number of characters, at least 1000");
}

async function run({ base, limit, full }: Options): Promise<void> {
  const root = await findRoot(process.cwd());
  const commit = await forkPoint(root, base);
  const found = await withRevision(root, commit, (before) => difference(before, root));
  process.stdout.write(comment(found, full ? Number.POSITIVE_INFINITY : limit));
  process.exitCode = found.broken ? 2 : 0;
}

/** `platform diff`: 0 with the comment on stdout; 2 when a folder of the work tree cannot be built. */
export function diffCommand(): Command {
  return new Command("diff")
    .description("Show what the work tree does to the rendered objects, as a comment for a pull request.")
    .requiredOption("--base <revision>", "compare with the commit at which the work tree left this revision")
    .option("--limit <characters>", "most characters of the comment", parseLimit, commentLimit)
    .option("--full", "show everything, even if it is too long for a comment")
    .action(run);
}
