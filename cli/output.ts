import { CliError, RefusedError } from "./errors";
import { formatText, type Presentation } from "./promotion/presentation";

/** What a script is told when a command ends; `outcome` says how. */
export interface Result {
  readonly outcome: string;
  readonly [field: string]: unknown;
}

/**
 * Where a command's words go. People read stdout. With `--json` stdout carries one object, at the end, and people's
 * words go to stderr.
 */
export class Output {
  private shown: Presentation | undefined;
  private reached: Result | undefined;

  constructor(private readonly json: boolean) {}

  readonly print = (line: string): void => {
    (this.json ? process.stderr : process.stdout).write(`${line}\n`);
  };

  readonly show = (presentation: Presentation): void => {
    this.shown = presentation;
    formatText(presentation).forEach(this.print);
  };

  /** What is done already and stays so, whatever comes after it. */
  readonly reach = (result: Result): Result => (this.reached = result);

  private finish(result: Result): void {
    if (!this.json) return;
    const { title, changes, gates } = this.shown ?? {};
    process.stdout.write(`${JSON.stringify({ ...result, title, changes, gates }, undefined, 2)}\n`);
  }

  /** Runs a command; whatever comes of it, a script learns the outcome, the plan and every gate's figures. */
  async of(work: () => Promise<Result>): Promise<void> {
    try {
      this.finish(await work());
    } catch (error) {
      if (error instanceof CliError) {
        const outcome = error instanceof RefusedError ? "refused" : "failed";
        this.finish({ outcome, ...this.reached, reason: error.message });
      }
      throw error;
    }
  }
}
