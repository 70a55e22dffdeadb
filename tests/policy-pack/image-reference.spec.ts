import assert from "node:assert/strict";
import { isDigest, parseImage } from "../../policy-pack/image-reference";

const digest = `sha256:${"0".repeat(64)}`;

describe("an image reference", () => {
  for (const [reference, repository, tag, ownDigest] of [
    ["nginx", "docker.io/library/nginx", undefined, undefined],
    ["nginx:1.27.0", "docker.io/library/nginx", "1.27.0", undefined],
    ["bitnami/redis:8.2.3", "docker.io/bitnami/redis", "8.2.3", undefined],
    ["a/b/c", "docker.io/a/b/c", undefined, undefined],
    ["ghcr.io/platform/bff:1.4.2", "ghcr.io/platform/bff", "1.4.2", undefined],
    ["localhost/bff:1", "localhost/bff", "1", undefined],
    ["registry:5000/bff", "registry:5000/bff", undefined, undefined],
    ["registry:5000/bff:1", "registry:5000/bff", "1", undefined],
    [`nginx@${digest}`, "docker.io/library/nginx", undefined, digest],
    [`ghcr.io/platform/bff:1.4.2@${digest}`, "ghcr.io/platform/bff", "1.4.2", digest],
    ["node.js:22", "docker.io/library/node.js", "22", undefined],
  ] as const) {
    it(`is read as the container runtime reads it: ${reference.slice(0, 40)}`, () => {
      assert.deepEqual(parseImage(reference), { repository, tag, digest: ownDigest });
    });
  }

  it("has a digest of the right length and alphabet, or of an algorithm that nobody knows yet", () => {
    const hex = (count: number) => "0a".repeat(count / 2);
    const right = [
      `sha256:${hex(64)}`,
      `sha512:${hex(128)}`,
      `blake3:${hex(64)}`,
      `next:${"Az_=-".repeat(7)}`,
    ];
    const wrong = [
      "",
      "sha256",
      `sha256:${hex(62)}`,
      `sha256:${hex(66)}`,
      `sha256:${"A".repeat(64)}`,
      `sha512:${hex(64)}`,
      `next:${hex(30)}`,
      `next:${"!".repeat(32)}`,
    ];
    assert.deepEqual(
      right.filter((digest) => !isDigest(digest)),
      [],
    );
    assert.deepEqual(wrong.filter(isDigest), []);
  });
});
