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

function key(finding: Finding): string {
  const grave = finding.rule === readable ? "0" : finding.level === "mandatory" ? "1" : "2";
  return [grave, finding.file, finding.object, finding.rule, finding.message].join("\0");
}

/** The graver first, then by file and object; a finding that two builds share is named once. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const unique = new Map(findings.map((finding) => [key(finding), finding]));
  return [...unique.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, finding]) => finding);
}
