import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { format } from "prettier";
import { policiesDocument } from "../../../policy-pack/document";
import { loadExemptions } from "../../../policy-pack/exemptions";
import { rules } from "../../../policy-pack/rules";

const root = join(__dirname, "..", "..", "..");

async function platform(...args: string[]): Promise<string> {
  const { stdout } = await execa(process.execPath, [join(root, "cli", "platform.cjs"), ...args]);
  return stdout;
}

describe("platform policies", () => {
  it("lists every rule with its level in each environment", async () => {
    const table = await platform("policies");
    for (const { id, link } of rules) {
      assert.match(table, new RegExp(`│ ${id} `));
      assert.ok(table.includes(link), link);
    }
    assert.match(table, /│ W3 .*│ advisory +│ advisory +│ mandatory +│/);
  });

  it("says the same in JSON", async () => {
    const listed = JSON.parse(await platform("policies", "--json")) as { id: string; levels: object }[];
    assert.deepEqual(
      listed.map(({ id }) => id),
      rules.map(({ id }) => id),
    );
    assert.deepEqual(listed.find(({ id }) => id === "W8")!.levels, {
      dev: "off",
      staging: "advisory",
      production: "mandatory",
    });
  });

  it("has written docs/policies.md as it stands", async () => {
    const written = readFileSync(join(root, "docs", "policies.md"), "utf8");
    const options = { printWidth: 110, proseWrap: "preserve", parser: "markdown" } as const;
    assert.equal(written, await format(policiesDocument(loadExemptions()), options));
  });
});
