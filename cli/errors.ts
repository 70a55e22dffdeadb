/** 0 ok; 1 a gate or a check said no; 2 the input is wrong or something could not be read. */
export type ExitCode = 0 | 1 | 2;

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
