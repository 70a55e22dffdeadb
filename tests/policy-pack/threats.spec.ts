import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chartVersions } from "../../components/chart-versions";
import { rules } from "../../policy-pack/rules";
import { ruleCases } from "./cases";
import { expectations } from "./cases/judge-cases";

const root = join(__dirname, "..", "..");

/** The rows of the tables, by the words of the head. */
function rows(markdown: string): Record<string, string>[] {
  const tables = markdown.split("\n\n").filter((part) => part.startsWith("|"));
  return tables.flatMap((table) => {
    const [head, , ...body] = table.split("\n").map((line) => line.split("|").slice(1, -1));
    return body.map((cells) =>
      Object.fromEntries(cells.map((cell, index) => [head![index]!.trim(), cell.trim()])),
    );
  });
}

const threats = rows(readFileSync(join(root, "docs", "threats.md"), "utf8"));
const nameOf = (row: Record<string, string>) => row["Threat"] ?? row["Advisories"]!;
const names = threats.flatMap((row) => nameOf(row).split(", "));

const all = ruleCases.flatMap((cases) =>
  expectations(cases).map((expectation) => ({ ...expectation, rule: cases.rule })),
);
const controls = new Set([...rules.map(({ id }) => id), ...all.flatMap(({ expected }) => expected)]);

/** Whether a test exists: `A6: its title`, among the cases of a rule, or `tests/file.spec.ts: its title`. */
function exists(reference: string): boolean {
  const [, place, title] = /^(.*?): (.*)$/.exec(reference) ?? [];
  if (place === undefined) return false;
  if (!place.startsWith("tests/")) return all.some((test) => test.rule === place && test.title === title);
  const file = join(root, place);
  return existsSync(file) && readFileSync(file, "utf8").includes(`it("${title}"`);
}

describe("the table of threats", () => {
  it("holds the nineteen threats of the threat model and every advisory that raised a floor, each once", () => {
    const model = Array.from({ length: 19 }, (_, index) => `ATM-${String(index + 1).padStart(3, "0")}`);
    const floors = Object.values(chartVersions).flatMap(({ securityFloor }): readonly string[] => [
      ...securityFloor.advisories,
    ]);
    for (const wanted of [...model, ...floors]) {
      assert.equal(names.filter((name) => name === wanted).length, 1, wanted);
    }
    assert.equal(new Set(names).size, names.length);
  });

  for (const row of threats) {
    it(`sets against ${nameOf(row)} rules and tests that exist`, () => {
      const wanted = row["Rules"]!.split(", ");
      assert.deepEqual(
        wanted.filter((control) => !controls.has(control)),
        [],
      );
      assert.deepEqual(
        row["Tests"]!.split("; ").filter((reference) => !exists(reference)),
        [],
      );
    });
  }

  it("would notice a rule, a control and a test that do not exist", () => {
    assert.ok(!controls.has("A99"));
    assert.ok(!controls.has("A6/nothing"));
    assert.ok(!exists("A6: refuses what nobody has thought of"));
    assert.ok(!exists("tests/program/bootstrap.spec.ts: does what nobody has thought of"));
  });
});
