/** A reason to stop that the reader can mend: printed as one message, without a stack trace. */
export class SandboxError extends Error {
  constructor(
    message: string,
    /** What to do about it, as one sentence or command. */
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "SandboxError";
  }
}
