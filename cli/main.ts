import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { CliError, exitCodes } from "./errors";

/** Every command with the line that `platform --help` shows; the module is loaded only when it is asked for. */
const commands: Record<string, string> = {
  status: "show image, sync, health and drift of every service in every environment and cluster",
  promote: "carry images, or the platform itself, from one environment to the next through gates",
  rollback: "return a service to an image that was once healthy in that environment",
  "emergency-rollback": "freeze, pin in git, sync, verify live, unfreeze; works under automated sync",
  check: "evaluate the policy rules over rendered manifests",
  diff: "show what a change does to the rendered manifests of every environment",
  service: "add the files of a service",
  policies: "list the policy rules with level and reason",
  doctor: "test everything the platform needs before it is needed",
  recover: "finish or undo what an interrupted update left behind",
};

function exportedName(command: string): string {
  return `${command.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Command`;
}

const loadModule = createRequire(__filename);

/** The command's own module; by convention `commands/<name>.ts` exports `<name>Command`. */
function load(name: string): Command {
  const module = loadModule(`./commands/${name}`) as Record<string, () => Command>;
  const build = module[exportedName(name)];
  if (!build) throw new Error(`commands/${name}.ts does not export ${exportedName(name)}`);
  return build();
}

function buildProgram(wanted: string | undefined): Command {
  const codes = Object.entries(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const program = new Command("platform")
    .description("Everything a team does with the GitOps platform besides `pulumi up`.")
    .addHelpText("afterAll", ["", "Exit codes:", ...codes].join("\n"))
    .exitOverride();
  for (const [name, summary] of Object.entries(commands)) {
    const command = name === wanted ? load(name) : new Command(name);
    program.addCommand(command.summary(summary));
  }
  return program;
}

/** Commander leaves the settings of commands built elsewhere alone, so each must be told to throw. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs one command line and returns the exit code; every error ends here. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const wanted = argv.find((argument) => !argument.startsWith("-"));
    const program = buildProgram(argv[0] === "help" ? argv[1] : wanted);
    throwInsteadOfExit(program);
    await program.parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has already printed its own message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`platform: ${describe(error)}\n`);
    return error instanceof CliError ? error.exitCode : 2;
  }
}
