/**
 * `ok` and `warning` let `up` go on; `failed` says that a check was made and answered no; `invalid` that the input is
 * wrong or that something could not be read, which is never taken for yes.
 */
export type Status = "ok" | "warning" | "failed" | "invalid";

/** What a check says of one subject. */
export interface Finding {
  /** The cluster, chart, key or file that is meant. */
  readonly subject: string;
  readonly status: Status;
  readonly message: string;
  /** What to do about it; every finding that is not `ok` has one. */
  readonly fix?: string;
}

export function ok(subject: string, message: string): Finding {
  return { subject, status: "ok", message };
}

export function warning(subject: string, message: string, fix: string): Finding {
  return { subject, status: "warning", message, fix };
}

export function failed(subject: string, message: string, fix: string): Finding {
  return { subject, status: "failed", message, fix };
}

export function invalid(subject: string, message: string, fix: string): Finding {
  return { subject, status: "invalid", message, fix };
}

/** One line on what went wrong, from whatever was thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  // A failed connection to several addresses has an empty message and one error per address.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined;
  return (cause?.message || first?.message || error.message || error.name).split("\n")[0]!;
}

/** What every check says that could not read the hub. */
export function unreadableHub(hub: string, kinds: string, error: unknown): Finding {
  return invalid(
    hub,
    `its ${kinds} cannot be read: ${reasonOf(error)}`,
    "mend what cluster-version says of it",
  );
}
