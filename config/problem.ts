/** One thing that is wrong with the configuration, said so that the reader can mend it. */
export interface Problem {
  /** The configuration key, as `pulumi config set --path` takes it. */
  readonly path: string;
  /** What is wrong with the value and what to set instead. Never contains a secret's value. */
  readonly message: string;
}

/** Thrown before the first resource is registered; lists every problem at once. */
export class ConfigError extends Error {
  /** Tells Pulumi's error handler that the user's input is at fault, so that no stack trace is printed. */
  readonly __pulumiRunError = true;

  constructor(
    readonly environment: string,
    readonly problems: readonly Problem[],
  ) {
    super(
      [
        `The configuration of stack "${environment}" has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}:`,
        ...problems.map((problem) => `  ${problem.path}: ${problem.message}`),
      ].join("\n"),
    );
    this.name = "ConfigError";
  }
}
