import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

const project = resolve(__dirname, "..", "..");

export interface StepResult {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** A machine on which the scripts of steps run as they stand: same shell, programs of the test's choice before all others. */
export class Runner {
  readonly temporary = mkdtempSync(join(tmpdir(), "platform-runner-"));
  private readonly programs = join(this.temporary, "bin");
  readonly summary = join(this.temporary, "summary.md");

  /** @param ready whether `npx platform` is this project's own, without an installation; true when omitted. */
  constructor(ready = true) {
    mkdirSync(this.programs);
    writeFileSync(this.summary, "");
    if (ready) this.program("npx", `shift; exec node ${join(project, "cli", "platform.cjs")} "$@"`);
  }

  /** Puts a program before all others of its name; the body is a shell script. */
  program(name: string, body: string): void {
    const path = join(this.programs, name);
    writeFileSync(path, `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** Runs a script the way GitHub does: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell */
  async run(script: string, cwd: string, env: Record<string, string>): Promise<StepResult> {
    const file = join(this.temporary, "step.sh");
    writeFileSync(file, script);
    const { exitCode, all } = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd,
      extendEnv: false,
      env: {
        PATH: `${this.programs}:${process.env["PATH"]}`,
        HOME: this.temporary,
        GIT_CONFIG_NOSYSTEM: "1",
        RUNNER_TEMP: this.temporary,
        GITHUB_STEP_SUMMARY: this.summary,
        GITHUB_REPOSITORY: "organization/platform",
        GITHUB_SERVER_URL: "https://github.example.com",
        GITHUB_RUN_ID: "42",
        ...env,
      },
      all: true,
      reject: false,
    });
    return { exitCode, output: all };
  }

  remove(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** The top of this project, where scripts find its own code. */
export const projectRoot = project;
