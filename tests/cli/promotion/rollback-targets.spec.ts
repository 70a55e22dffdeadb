import assert from "node:assert/strict";
import type { ImageVersion } from "../../../cli/promotion/history";
import { chooseTarget, rollbackTargets } from "../../../cli/promotion/rollback";

/** A history written as people tell it, oldest first; each version's commit is its position and tag. */
function history(...tags: string[]): ImageVersion[] {
  return tags
    .map((tag, index) => ({
      commit: `${index}-${tag}`,
      time: new Date(index * 1000),
      subject: tag,
      image: { name: "ghcr.io/platform/bff", tag, digest: undefined },
      text: tag,
    }))
    .reverse();
}

function byDefault(
  versions: ImageVersion[],
  healthy = new Set(versions.map(({ commit }) => commit)),
): string {
  return chooseTarget(rollbackTargets(versions, healthy), undefined).image.tag;
}

describe("where a rollback goes by default", () => {
  it("is the version before", () => assert.equal(byDefault(history("1", "2", "3")), "2"));

  it("is not the version that a rollback has left", () => {
    assert.equal(byDefault(history("1", "2", "3", "2")), "1");
  });

  it("is the version before also where the present one was tried earlier", () => {
    assert.equal(byDefault(history("1", "3", "1", "2", "3")), "2");
  });

  it("is a version that was left and came again since", () => {
    assert.equal(byDefault(history("1", "2", "1", "2", "3")), "2");
  });

  it("passes over versions that were never healthy", () => {
    assert.equal(byDefault(history("1", "2", "3"), new Set(["0-1"])), "1");
  });

  it("takes a version for healthy where any of its deliveries was", () => {
    assert.equal(byDefault(history("1", "2", "1", "2", "3"), new Set(["1-2"])), "2");
  });

  it("is nowhere after everything was rolled back", () => {
    assert.throws(() => byDefault(history("1", "2", "1")), /Valid targets:\n {2}2 /);
  });
});

describe("the targets of a rollback", () => {
  it("are each version once, newest first, without the present one", () => {
    const targets = rollbackTargets(history("1", "2", "1", "3", "3"), new Set());
    assert.deepEqual(
      targets.map(({ image }) => image.tag),
      ["1", "2"],
    );
  });

  it("state the file as it was at the newest delivery of the version", () => {
    assert.equal(rollbackTargets(history("1", "2", "1", "3"), new Set())[0]!.commit, "2-1");
  });
});
