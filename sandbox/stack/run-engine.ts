import type { Stack } from "@pulumi/pulumi/automation";
import { execa } from "execa";

/** Runs a command of the engine that the Automation API does not offer, or not in the form that is needed. */
export async function runEngine(stack: Stack, args: readonly string[], input = ""): Promise<void> {
  const { workspace } = stack;
  await execa(workspace.pulumiCommand.command, [...args, "--stack", stack.name, "--non-interactive"], {
    cwd: workspace.workDir,
    env: workspace.envVars,
    input,
  });
}
