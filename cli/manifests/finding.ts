/** One thing that is wrong, where it is, and what to do about it. */
export interface Finding {
  /** Path relative to the folder in which the command runs. */
  readonly file: string;
  /** The object as `Kind namespace/name`; empty for a finding about the file itself. */
  readonly object: string;
  readonly rule: string;
  /** Only `mandatory` makes the check fail. */
  readonly level: "advisory" | "mandatory";
  readonly message: string;
  /** Counted from 1; omitted where the place inside the file is not known. */
  readonly line?: number;
}

/** The rule of everything that could not be judged at all, because it cannot be read or built. */
export const readable = "readable";

export function unreadable(file: string, message: string, line?: number): Finding {
  return { file, object: "", rule: readable, level: "mandatory", message, ...(line && { line }) };
}

function gravity({ rule, level }: Finding): number {
  if (rule === readable) return 0;
  return level === "mandatory" ? 1 : 2;
}

function compare(left: Finding, right: Finding): number {
  return (
    gravity(left) - gravity(right) ||
    left.file.localeCompare(right.file) ||
    (left.line ?? 0) - (right.line ?? 0) ||
    left.object.localeCompare(right.object) ||
    left.rule.localeCompare(right.rule) ||
    left.message.localeCompare(right.message)
  );
}

/** The graver first, then in the order of reading; a finding that two builds share is named once. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort(compare);
  return sorted.filter((finding, index) => index === 0 || compare(sorted[index - 1]!, finding) !== 0);
}
