import { rules as policies } from "../../policy-pack/rules";
import type { CheckResult } from "./check-repository";
import type { Finding } from "./finding";
import { titles } from "./rules/titles";

export const formats = ["human", "json", "sarif"] as const;
export type Format = (typeof formats)[number];

function place({ file, line }: Finding): string {
  return line === undefined ? file : `${file}:${line}`;
}

function human({ findings, objects, files }: CheckResult): string {
  const blocks = findings.map((finding) => {
    // The message of a policy rule begins with the rule and names the object itself.
    const head = finding.message.startsWith(finding.rule) ? [] : [finding.rule, finding.object];
    return `${place(finding)}\n  ${[finding.level, ...head].filter(Boolean).join(" ")}: ${finding.message}\n`;
  });
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const sum = `${objects} objects in ${files} files and folders: ${count("mandatory")} mandatory and ${count("advisory")} advisory findings`;
  return [...blocks, sum].join("\n");
}

function json({ findings }: CheckResult): string {
  const rows = findings.map(({ file, object, rule, level, message }) => ({
    file,
    object,
    rule,
    level,
    message,
  }));
  return JSON.stringify(rows, undefined, 2);
}

/** What code scanning shows of a rule beside its findings. */
function descriptor(id: string) {
  // A policy may have several controls: W2/seccomp is one of W2.
  const policy = policies.find((rule) => rule.id === id.split("/")[0]);
  const title = policy?.title ?? titles[id];
  return {
    id,
    ...(title && { shortDescription: { text: title } }),
    ...(policy && {
      fullDescription: { text: policy.why },
      help: { text: policy.fix },
      helpUri: policy.link,
    }),
  };
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, as GitHub code scanning takes it. */
function sarif({ findings }: CheckResult): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort().map(descriptor);
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    level: finding.level === "mandatory" ? "error" : "warning",
    message: { text: finding.object ? `${finding.object}: ${finding.message}` : finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: finding.file.replaceAll("\\", "/"), uriBaseId: "%SRCROOT%" },
          region: { startLine: finding.line ?? 1 },
        },
      },
    ],
  }));
  const driver = {
    name: "platform check",
    informationUri: "https://github.com/organization/platform",
    rules,
  };
  return JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
    },
    undefined,
    2,
  );
}

const writers: Record<Format, (result: CheckResult) => string> = { human, json, sarif };

/** The findings as text for people, as one JSON array, or as SARIF. */
export function report(result: CheckResult, format: Format): string {
  return writers[format](result);
}
