import assert from "node:assert/strict";
import fc from "fast-check";
import type { Image } from "../../../cli/promotion/image";
import { parseImageFile, readImage } from "../../../cli/promotion/image-file";
import { digestOf, imageFile } from "../support/repository";

const path = "infrastructure/k8s/overlays/dev/bff/image.yaml";
function replaceImage(text: string, image: Image, path: string): string {
  return parseImageFile(text, path).withImage(image);
}

const plain = imageFile("bff", "1.4.2");
const pinned = imageFile("bff", "1.4.2", digestOf("a"));

function faultOf(text: string): string {
  try {
    readImage(text, path);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("reading an image file", () => {
  it("gives name, tag and digest", () => {
    assert.deepEqual(readImage(pinned, path), {
      name: "ghcr.io/platform/bff",
      tag: "1.4.2",
      digest: digestOf("a"),
    });
  });

  it("gives no digest where the file states none", () => {
    assert.equal(readImage(plain, path).digest, undefined);
  });

  const faults: [string, string, RegExp][] = [
    [
      "an unquoted tag that YAML reads as a number",
      plain.replace('"1.4.2"', "1.10"),
      /newTag 1\.10 must be quoted/,
    ],
    [
      "an unquoted tag that YAML 1.1 reads as a boolean",
      plain.replace('"1.4.2"', "NO"),
      /newTag NO must be quoted/,
    ],
    ["an unquoted tag", plain.replace('"1.4.2"', "on"), /newTag on must be quoted/],
    ["an empty tag", plain.replace('"1.4.2"', '""'), /newTag is missing or empty/],
    ["a missing tag", plain.replace('  newTag: "1.4.2"\n', ""), /newTag is missing or empty/],
    ["the tag latest", plain.replace("1.4.2", "latest"), /names no version/],
    ["a tag longer than 128 characters", plain.replace("1.4.2", "1".repeat(129)), /is not an image tag/],
    ["a tag that a shell would read", plain.replace("1.4.2", "$(id)"), /is not an image tag/],
    [
      "a repository in upper case",
      plain.replace("platform/bff", "Platform/bff"),
      /is not an image repository/,
    ],
    [
      "a repository with a tag in it",
      plain.replace("platform/bff", "platform/bff:1"),
      /is not an image repository/,
    ],
    ["a digest that is none", pinned.replace("sha256:aaaa", "sha256:zzzz"), /is not a digest/],
    ["a key twice", plain.replace("imageTag:", 'imageTag:\n  newTag: "1.0.0"'), /keys must be unique/],
    ["an unknown key", plain.replace("imageTag:", "imageTag:\n  tag: x"), /imageTag\.tag is not a key/],
    ["an anchor", plain.replace("imageTag:", "imageTag: &x"), /anchor/],
    ["an alias", `${plain}other: &a x\nagain: *a\n`, /alias|anchor/],
    ["tabs", plain.replace("  newTag", "\tnewTag"), /Tabs are not allowed/],
    ["Windows line ends", plain.replaceAll("\n", "\r\n"), /Windows line ends/],
    ["a byte order mark", `\uFEFF${plain}`, /byte order mark/],
    ["two documents", `${plain}---\n${plain}`, /several YAML documents/],
    [
      "another kind",
      plain.replace("ImageTagTransformer", "PrefixTransformer"),
      /kind must be ImageTagTransformer/,
    ],
    ["an empty file", "", /is empty/],
    ["a list", "- a\n", /is not a YAML map/],
    [
      "braces",
      plain.replace(/imageTag:[\s\S]*/, 'imageTag: { name: ghcr.io/platform/bff, newTag: "1" }\n'),
      /in braces/,
    ],
    ["a list as tag", plain.replace('"1.4.2"', "[a]"), /must be a single value/],
  ];
  for (const [what, text, message] of faults) {
    it(`refuses ${what}`, () => assert.match(faultOf(text), message));
  }

  it("names the file in every refusal", () => assert.ok(faultOf("").startsWith(`${path}: `)));

  it("prints both tags of a merge conflict", () => {
    const text = plain.replace(
      '  newTag: "1.4.2"',
      '<<<<<<< HEAD\n  newTag: "1.4.2"\n=======\n  newTag: "1.5.0"\n>>>>>>> other',
    );
    assert.match(faultOf(text), /merge conflict between newTag "1\.4\.2" and newTag "1\.5\.0"/);
  });
});

describe("replacing the image in an image file", () => {
  const image = { name: "ghcr.io/platform/bff", tag: "1.5.0", digest: undefined };

  it("keeps comments, order and quotes", () => {
    const text = `# why\n${plain.replace('"1.4.2"', "'1.4.2' # until Friday")}\n# end\n`;
    assert.equal(replaceImage(text, image, path), text.replace("'1.4.2'", "'1.5.0'"));
  });

  it("adds a digest below the tag", () => {
    const result = replaceImage(plain, { ...image, digest: digestOf("b") }, path);
    assert.equal(result, imageFile("bff", "1.5.0", digestOf("b")));
  });

  it("removes a digest that the new image lacks", () => {
    assert.equal(replaceImage(pinned, image, path), imageFile("bff", "1.5.0"));
  });

  it("adds a digest to a file that ends without a line break", () => {
    const result = replaceImage(plain.trimEnd(), { ...image, digest: digestOf("b") }, path);
    assert.deepEqual(readImage(result, path), { ...image, digest: digestOf("b") });
  });

  it("refuses another repository", () => {
    assert.throws(
      () => replaceImage(plain, { ...image, name: "ghcr.io/platform/audit" }, path),
      /not repositories/,
    );
  });

  it("returns to the same bytes from any image", () => {
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/).filter((text) => text !== "latest");
    const digest = fc.option(
      fc.stringMatching(/^[a-f0-9]{64}$/).map((hex) => `sha256:${hex}`),
      { nil: undefined },
    );
    const version = fc.record({ tag, digest });
    const layout = fc.record({
      comment: fc.constantFrom("", "# note\n"),
      quote: fc.constantFrom('"', "'"),
      trailer: fc.constantFrom("", "\n# end\n"),
    });
    fc.assert(
      fc.property(version, version, layout, (before, after, { comment, quote, trailer }) => {
        const stated = imageFile("bff", before.tag, before.digest).replaceAll('"', quote);
        const text = comment + stated + trailer;
        const moved = replaceImage(text, { name: image.name, ...after }, path);
        assert.deepEqual(readImage(moved, path), { name: image.name, ...after });
        assert.equal(replaceImage(moved, { name: image.name, ...before }, path), text);
      }),
    );
  });
});
