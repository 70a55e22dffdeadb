import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa, type ExecaError } from "execa";
import { parse } from "yaml";
import type { Environment } from "../config/environment";
import { CliError } from "./errors";

/** One stack of a Pulumi project in a folder. */
export interface PulumiStack {
  /** The folder that holds Pulumi.yaml and the stack files. */
  readonly directory: string;
  /** Name of the project, which prefixes its configuration keys. */
  readonly project: string;
  readonly stack: Environment;
}

export interface PulumiOptions {
  /** Milliseconds after which the command is ended; one minute when omitted. */
  readonly timeout?: number;
  /** What the command reads from stdin; nothing when omitted. */
  readonly input?: string;
}

/** An answer of the engine that is an error; `transcript` is all that it said. */
export class PulumiError extends CliError {
  constructor(
    message: string,
    readonly transcript: string,
  ) {
    super(message);
  }
}

/**
 * Finds the project as `pulumi` itself does: in this folder or the nearest one above it.
 *
 * @throws CliError where there is none.
 */
export function findStack(from: string, stack: Environment): PulumiStack {
  for (let directory = from; ; directory = dirname(directory)) {
    const path = join(directory, "Pulumi.yaml");
    if (existsSync(path)) {
      const { name } = (parse(readFileSync(path, "utf8")) ?? {}) as { name?: unknown };
      if (typeof name !== "string") throw new CliError(`${path}: name: is missing; set the project's name`);
      return { directory, project: name, stack };
    }
    if (dirname(directory) === directory) {
      throw new CliError(
        `There is no Pulumi.yaml in ${from} or above it; run the command in the folder of the program, or name that with --directory`,
      );
    }
  }
}

/** The engine's last words, which say what went wrong; its transcript before them may be long. */
function lastWords(transcript: string): string {
  const lines = transcript.trim().split("\n").filter(Boolean);
  return (lines.filter((line) => line.startsWith("error: ")).at(-1) ?? lines.at(-1) ?? "").replace(
    /^error: /,
    "",
  );
}

/** What to do about words of the engine that do not say it. */
function remedy(words: string): string {
  return words.includes("failed to load checkpoint: EOF")
    ? "; an engine was killed while it wrote the state's file of metadata: delete the empty *.json.attrs beside the state (docs/runbooks/bootstrap.md, step 8)"
    : "";
}

/**
 * What one `pulumi` command writes to stdout. It asks nothing and sees only its arguments.
 *
 * @throws PulumiError where it ends with an error; CliError where it cannot be run at all.
 */
export async function pulumi(
  stack: Pick<PulumiStack, "directory">,
  args: readonly string[],
  options: PulumiOptions = {},
): Promise<string> {
  const timeout = options.timeout ?? 60_000;
  try {
    const { stdout } = await execa("pulumi", [...args, "--non-interactive"], {
      cwd: stack.directory,
      env: { PULUMI_SKIP_UPDATE_CHECK: "true", NO_COLOR: "1" },
      input: options.input ?? "",
      timeout,
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { code, stderr, stdout, timedOut, shortMessage } = error as ExecaError;
    if (code === "ENOENT" || code === "EACCES") {
      throw new CliError("The pulumi command cannot be run; install Pulumi and put it on PATH");
    }
    if (timedOut) throw new CliError(`pulumi ${args[0]} needed more than ${timeout / 1000} seconds`);
    const transcript = [stderr, stdout].map(String).join("\n");
    const words = lastWords(transcript) || shortMessage;
    throw new PulumiError(`pulumi ${args[0]} failed: ${words}${remedy(words)}`, transcript);
  }
}
