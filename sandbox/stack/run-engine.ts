import type { Stack } from "@pulumi/pulumi/automation";
import { execa, type ExecaError } from "execa";
import { engineFailure, lastLines } from "./engine-words";

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
    const words = lastLines(String(stderr ?? "") || shortMessage);
    throw engineFailure(`pulumi ${args.slice(0, 2).join(" ")}`, [words], error);
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
