/** What every command's exit code means; `--help` shows it. */
export const exitCodes = {
  0: "done, or nothing to do",
  1: "a gate or a check said no, or what was waited for did not come",
  2: "the input is wrong, or something could not be read or reached",
} as const;

export type ExitCode = keyof typeof exitCodes;

/** An error whose message is all that the reader needs: what is wrong, where, and what to do. */
export class CliError extends Error {
  constructor(
    message: string,
    /** 2 when omitted: the input is wrong or something could not be read. */
    readonly exitCode: Exclude<ExitCode, 0> = 2,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** A gate or a check said no. */
export class RefusedError extends CliError {
  constructor(message: string) {
    super(message, 1);
    this.name = "RefusedError";
  }
}
