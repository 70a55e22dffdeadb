import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readObjects, readYaml } from "../../../cli/manifests/yaml";

function problem(text: string): string {
  const [first] = readObjects(text, "file.yaml").problems;
  assert.ok(first, "the text is read without a problem");
  return `${first.line} ${first.message}`;
}

function value(text: string): unknown {
  const { documents, problems } = readYaml(text, "file.yaml");
  assert.deepEqual(problems, []);
  return documents[0]?.value;
}

const object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";

describe("reading YAML strictly", () => {
  it("refuses a key that stands twice and names its line", () => {
    assert.match(problem(`${object}  name: other\n`), /^5 .*unique/);
  });

  it("refuses tabs as indentation", () => {
    assert.match(problem("apiVersion: v1\nkind: A\nmetadata:\n\tname: a\n"), /^4 .*[Tt]ab/);
  });

  for (const word of ["NO", "no", "on", "Off", "yes"]) {
    it(`refuses ${word} without quotes, which older parsers take for a boolean`, () => {
      assert.match(problem(`${object}data:\n  COUNTRY: ${word}\n`), new RegExp(`^6 ${word} is text`));
    });
  }

  it("takes the same word in quotes, as a key and inside text", () => {
    assert.deepEqual(value('on: "NO"\ntext: say no\n'), { on: "NO", text: "say no" });
  });

  it("finds an ambiguous word inside a list", () => {
    assert.match(problem(`${object}list:\n  - a\n  - off\n`), /^7 off is text/);
  });

  it("refuses aliases that multiply", () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [index, name] of [..."bcdefg"].entries()) {
      const before = "abcdef"[index]!;
      lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
    }
    assert.match(problem(`${object}${lines.join("\n")}\n`), /alias/i);
  });

  it("merges what a merge key names, as Kubernetes does", () => {
    const text = "base: &base { privileged: true, a: 1 }\nown:\n  <<: *base\n  a: 2\n";
    assert.deepEqual((value(text) as { own: unknown }).own, { privileged: true, a: 2 });
  });

  it("refuses a tag that it does not know", () => {
    assert.match(problem(`${object}data: !include other.yaml\n`), /^5 .*tag/);
  });

  it("reads 0644 as octal, as Kubernetes does", () => {
    assert.deepEqual(value("mode: 0644"), { mode: 0o644 });
  });

  it("reads a byte order mark, Windows line ends and several documents", () => {
    const { objects, problems } = readObjects(
      `\uFEFF${`${object}---\n${object}`.replaceAll("\n", "\r\n")}`,
      "f",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      objects.map(({ object, line }) => [object.metadata?.name, line]),
      [
        ["settings", 1],
        ["settings", 6],
      ],
    );
  });

  it("takes lists apart, in YAML and in JSON", () => {
    const item = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: [item, item] });
    assert.equal(readObjects(list, "f").objects.length, 2);
    assert.equal(readObjects(JSON.stringify([item]), "f").objects.length, 1);
    const otherItems = { apiVersion: "v1", kind: "Menu", items: [item] };
    assert.equal(readObjects(JSON.stringify(otherItems), "f").objects[0]!.object.kind, "Menu");
  });

  it("refuses what is no Kubernetes object", () => {
    assert.match(problem("replicaCount: 3\n"), /not a Kubernetes object/);
    assert.match(problem("apiVersion: 1\nkind: A\n"), /not a Kubernetes object/);
    for (const text of ["just text\n", "5\n", "- - a\n", "apiVersion: v1\n", "kind: A\n"]) {
      assert.match(problem(text), /not a Kubernetes object/, text);
    }
  });

  it("refuses a file without any object", () => {
    assert.match(problem("# nothing\n---\n"), /holds no object/);
    assert.match(problem(""), /holds no object/);
  });
});
