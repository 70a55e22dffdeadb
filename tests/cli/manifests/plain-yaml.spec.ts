import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, it } from "mocha";
import { stringify } from "yaml";
import { readPlainYaml } from "../../../cli/manifests/plain-yaml";
import { readYaml } from "../../../cli/manifests/yaml";

const root = resolve(__dirname, "../../..");

function strict(text: string): unknown {
  const { documents, problems } = readYaml(text, "f");
  return problems.length > 0 ? "refused" : documents.map(({ value }) => value ?? null);
}

/** The quick reader may decline, but never say something else than the strict one. */
function assertAgrees(text: string): boolean {
  const plain = readPlainYaml(text);
  if (!plain) return false;
  const values = plain.map(({ value }) => value ?? null);
  const expected = strict(text);
  assert.deepEqual(Array.isArray(expected) && expected.length === 0 ? [null] : expected, values, text);
  return true;
}

describe("the quick reader of ordinary YAML", () => {
  it("reads every manifest of this repository as the strict reader does, and nearly all of them", () => {
    const files = readdirSync(join(root, "infrastructure"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    const quick = files.filter(assertAgrees).length;
    assert.ok(quick > 0.9 * files.length, `${quick} of ${files.length}`);
  });

  it("says the same as the strict reader of any value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void assertAgrees(stringify({ value }))));
  });

  const words = [
    "NO",
    "0644",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    ".inf",
    "~",
    "2001-01-01",
    "12:30:45",
    "+5",
    "-0",
    "1.10",
  ];
  for (const word of [
    ...words,
    "*a",
    "&a b",
    "{ <<: { b: 1 } }",
    "!tag x",
    "<<",
    "=",
    "'on'",
    '"\\t"',
    "a # b",
    "[a, 0644]",
    "{a: yes}",
  ]) {
    it(`never takes ${word} for something else than the strict reader does`, () => {
      assertAgrees(`key: ${word}\n`);
      assertAgrees(`- ${word}\n`);
      assertAgrees(`? ${word}\n: value\n`);
    });
  }

  it("declines what the strict reader refuses", () => {
    for (const text of [
      "a: 1\na: 2\n",
      "a:\n\tb: 1\n",
      "a: &x [1]\nb: *x\n",
      "%YAML 1.1\n---\na: 1\n",
      "a: [1\n",
      "a: NO\n",
    ]) {
      assert.equal(readPlainYaml(text), undefined, text);
    }
  });

  it("knows the first line of every document", () => {
    const text = "# head\na: 1\n---\n\n# comment\nb: 1\n---\nc: 1\n";
    assert.deepEqual(
      readPlainYaml(text)?.map(({ line }) => line),
      [1, 5, 8],
    );
  });
});
