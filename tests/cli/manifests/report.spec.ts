import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import type { Finding } from "../../../cli/manifests/finding";
import { report } from "../../../cli/manifests/report";
import { titles } from "../../../cli/manifests/rules/titles";

const project = resolve(__dirname, "../../..");

const finding: Finding = {
  file: "a.yaml",
  object: "Pod platform-dev/a",
  rule: "references",
  level: "mandatory",
  message: "uses ConfigMap a, which nothing here delivers",
  line: 3,
};

describe("a report", () => {
  const write = (findings: readonly Finding[], format: "human" | "json" | "sarif") =>
    report({ findings, objects: 2, files: 1 }, format);

  it("for people names place, level, rule and object, and ends with the sum", () => {
    assert.equal(
      write([finding], "human"),
      `a.yaml:3\n  mandatory references Pod platform-dev/a: ${finding.message}\n\n2 objects in 1 files and folders: 1 mandatory and 0 advisory findings`,
    );
  });

  it("for programs is one array without lines", () => {
    const { line, ...row } = finding;
    assert.equal(line, 3);
    assert.deepEqual(JSON.parse(write([finding], "json")), [row]);
    assert.equal(write([], "json"), "[]");
  });

  it("for code scanning describes each rule once, a policy by what the policy says of itself", () => {
    const findings = [
      finding,
      { ...finding, line: 4 },
      { ...finding, rule: "W2/seccomp", level: "advisory" as const },
    ];
    const { runs } = JSON.parse(write(findings, "sarif")) as {
      runs: [
        {
          tool: {
            driver: { rules: { id: string; shortDescription?: { text: string }; helpUri?: string }[] };
          };
          results: { level: string }[];
        },
      ];
    };
    const { rules } = runs[0].tool.driver;
    assert.deepEqual(
      rules.map(({ id }) => id),
      ["W2/seccomp", "references"],
    );
    assert.match(rules[0]!.shortDescription!.text, /restricted Pod Security Standard/);
    assert.match(rules[0]!.helpUri!, /^https:/);
    assert.equal(rules[1]!.shortDescription!.text, titles["references"]);
    assert.deepEqual(
      runs[0].results.map(({ level }) => level),
      ["error", "error", "warning"],
    );
  });
});

describe("the titles of the check's own rules", () => {
  const folder = join(project, "cli/manifests");
  const sources = [folder, join(folder, "rules")].flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(directory, name), "utf8")),
  );
  const used = new Set(
    sources.flatMap((source) => [
      ...[...source.matchAll(/\brule(?:: | = )"([a-z-]+)"/g)].map(([, id]) => id!),
      ...[...source.matchAll(/^ {2}([a-z]+): [a-z]+Problems,$/gm)].map(([, id]) => id!),
    ]),
  );

  it("are those of all rules that can be reported", () => {
    assert.deepEqual(Object.keys(titles).sort(), [...used, "readable"].sort());
  });

  it("stand in docs/check.md", () => {
    const text = readFileSync(join(project, "docs/check.md"), "utf8");
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|$/gm)].map(([, id, title]) => [id, title]);
    assert.deepEqual(rows, Object.entries(titles));
  });
});
