import type { Stack } from "@pulumi/pulumi/automation";
import { execa, type ExecaError } from "execa";
import { SandboxError } from "../errors";
import { indent, lastLines } from "./engine-words";

/** The failure of a command of the engine, in the engine's own words; its standard input is never shown. */
export function engineFailure(command: string, words: string, cause: unknown): SandboxError {
  return new SandboxError(
    `pulumi ${command} failed:\n${indent([lastLines(words)])}`,
    "Mend what is named above, then run the command again; it goes on where it stopped.",
    { cause },
  );
}

/**
 * Runs a command of the engine and returns what it prints, for what the Automation API does not offer or offers only
 * with secrets in plain text.
 *
 * @throws SandboxError where it ends with an error.
 */
export async function runEngine(stack: Stack, args: readonly string[], input = ""): Promise<string> {
  const { workspace } = stack;
  try {
    const { stdout } = await execa(
      workspace.pulumiCommand.command,
      [...args, "--stack", stack.name, "--non-interactive"],
      {
        cwd: workspace.workDir,
        env: workspace.envVars,
        input,
      },
    );
    return stdout;
  } catch (error) {
    const { stderr, shortMessage } = error as ExecaError;
    throw engineFailure(args.slice(0, 2).join(" "), String(stderr ?? "") || shortMessage, error);
  }
}

/** What a resource of the exported state is told by. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
}

/** The resources in the state of the stack; none where nothing has been installed yet. */
export async function stateResources(stack: Stack): Promise<readonly StateResource[]> {
  const { deployment } = JSON.parse(await runEngine(stack, ["stack", "export"])) as {
    deployment?: { resources?: StateResource[] };
  };
  return deployment?.resources ?? [];
}
