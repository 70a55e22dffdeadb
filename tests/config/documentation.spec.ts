import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { schemaKeys } from "./schema-keys";

const text = readFileSync(path.join(__dirname, "..", "..", "docs", "configuration.md"), "utf8");
const documented = [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key!);

describe("docs/configuration.md", () => {
  it("describes every key that a stack may set", () => {
    assert.deepEqual(
      schemaKeys().filter((key) => !documented.includes(key)),
      [],
    );
  });

  it("describes no key that would be refused", () => {
    const keys = schemaKeys();
    assert.deepEqual(
      documented.filter((key) => !keys.includes(key)),
      [],
    );
  });

  it("describes no key twice", () => {
    assert.equal(new Set(documented).size, documented.length);
  });
});
