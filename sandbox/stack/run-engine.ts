import type { Stack } from "@pulumi/pulumi/automation";
import { execa } from "execa";

/** Runs a command of the engine and returns what it prints, for what the Automation API does not offer. */
export async function runEngine(stack: Stack, args: readonly string[], input = ""): Promise<string> {
  const { workspace } = stack;
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
}
