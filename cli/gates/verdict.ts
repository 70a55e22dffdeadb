/** What one gate says about one service, or about the change as a whole. */
export interface Verdict {
  readonly gate: string;
  /** A service, or the environment for a gate that concerns all of them. */
  readonly subject: string;
  readonly passed: boolean;
  /** The figures that decided. */
  readonly reason: string;
}

/** A gate that could not be answered has not passed. */
export function unanswered(gate: string, subject: string, error: unknown): Verdict {
  return {
    gate,
    subject,
    passed: false,
    reason: `cannot be answered: ${error instanceof Error ? error.message : String(error)}`,
  };
}
