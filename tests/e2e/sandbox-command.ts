import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { Environment } from "../../config/environment";
import { toolPaths } from "../../sandbox/toolchain/build";

export const projectRoot = resolve(__dirname, "..", "..");

type Verb = "up" | "down" | "status" | "kubeconfig";

/** What a command of the sandbox printed, and how it ended. */
export interface Outcome {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** A sandbox of the tests: a folder and ports of its own. */
export class TestSandbox {
  readonly directory = join(mkdtempSync(join(tmpdir(), "sandbox-")), "s");

  constructor(
    readonly port: number,
    /** The work tree whose command is run. */
    readonly workTree: string = projectRoot,
    readonly stack: Environment = "dev",
  ) {}

  private start(verb: string) {
    return execa("node", ["--import", "tsx", "sandbox/main.ts", verb], {
      cwd: this.workTree,
      env: {
        STACK: this.stack,
        CONTEXT: "",
        SANDBOX_DIR: this.directory,
        SANDBOX_PORT: String(this.port),
      },
      all: true,
      reject: false,
    });
  }

  async run(verb: Verb): Promise<Outcome> {
    const { exitCode, all } = await this.start(verb);
    return { exitCode, output: all };
  }

  /**
   * Runs a command that must succeed and returns what it printed.
   *
   * @throws with the reason first and the whole transcript after it.
   */
  async succeed(verb: Verb): Promise<string> {
    const { exitCode, output } = await this.run(verb);
    if (exitCode === 0) return output;
    const reason = output.slice(Math.max(output.lastIndexOf("\nerror: "), 0)).trim();
    throw new Error(`make ${verb} ended with ${String(exitCode)}: ${reason}\n\n${output}`);
  }

  /** Starts `up` and kills it without warning as soon as its output matches. Returns the output up to there. */
  async killUpWhen(moment: RegExp): Promise<string> {
    const command = this.start("up");
    let output = "";
    command.all.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (moment.test(output)) command.kill("SIGKILL");
    });
    const { signal } = await command;
    if (signal !== "SIGKILL") throw new Error(`up ended before ${String(moment)}:\n${output}`);
    return output;
  }

  /** Asks the hub. */
  kubectl(...args: string[]): Promise<string> {
    return this.kubectlWith(join(this.directory, "kubeconfig"), ...args);
  }

  async kubectlWith(kubeconfig: string, ...args: string[]): Promise<string> {
    const { stdout } = await execa(toolPaths(process.env).kubectl, args, { env: { KUBECONFIG: kubeconfig } });
    return stdout;
  }

  /** Takes the sandbox down, whatever state a test left it in. */
  async remove(): Promise<void> {
    await this.run("down");
    rmSync(join(this.directory, ".."), { recursive: true, force: true });
  }
}
