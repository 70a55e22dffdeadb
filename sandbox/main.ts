import { Command } from "commander";
import { CliError } from "../cli/errors";
import { SandboxError } from "./errors";

async function main(): Promise<void> {
  const program = new Command("make").description("The whole platform on one machine.");
  // Each command loads its own code, so that printing a path does not wait for the engine's libraries.
  program
    .command("up")
    .description("bring the sandbox up, or the platform onto your cluster")
    .action(async () => (await import("./commands/up.js")).up(process.env));
  program
    .command("down")
    .description("remove everything again")
    .action(async () => (await import("./commands/down.js")).down(process.env));
  program
    .command("status")
    .description("show what runs and what Argo CD has delivered")
    .action(async () => (await import("./commands/status.js")).status(process.env));
  program
    .command("kubeconfig")
    .description("print the path of the kubeconfig")
    .action(async () => (await import("./commands/kubeconfig.js")).kubeconfig(process.env));
  program
    .command("tools")
    .description("build the tools into the cache")
    .action(async () => void (await (await import("./commands/prepare.js")).prepareTools()));
  await program.parseAsync();
}

main().catch((error: unknown) => {
  if (error instanceof SandboxError) console.error(`\nerror: ${error.message}\nfix: ${error.fix}`);
  else if (error instanceof CliError) console.error(`\nerror: ${error.message}`);
  else console.error(error);
  process.exit(1);
});
