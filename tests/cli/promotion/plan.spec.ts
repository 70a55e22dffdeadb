import assert from "node:assert/strict";
import type { Environment } from "../../../config/environment";
import { parseImageFile } from "../../../cli/promotion/image-file";
import type { Images } from "../../../cli/promotion/overlay";
import { planPromotion, requireSamePlan, sameServices } from "../../../cli/promotion/plan";
import { digestOf, imageFile, type Tags } from "../support/repository";

function images(tags: Tags, digest?: string): Images {
  return new Map(
    Object.entries(tags).map(([environment, services]) => [
      environment as Environment,
      new Map(
        Object.entries(services).map(([service, tag]) => {
          return [service, parseImageFile(imageFile(service, tag, digest), "x")];
        }),
      ),
    ]),
  );
}

const start = images({
  dev: { bff: "2.0", audit: "1.1", fresh: "0.1" },
  staging: { bff: "1.0", audit: "1.1" },
  production: { bff: "0.9", audit: "1.0" },
});
const toStaging = { from: "dev", to: "staging", services: [] } as const;

describe("planning a promotion", () => {
  it("changes only the services whose images differ, in the target's files", () => {
    const { changes } = planPromotion(start, toStaging);
    assert.deepEqual(
      changes.map(({ service, path, text }) => ({ service, path, text })),
      [
        {
          service: "bff",
          path: "infrastructure/k8s/overlays/staging/bff/image.yaml",
          text: imageFile("bff", "2.0"),
        },
      ],
    );
  });

  it("names services that the target does not have and leaves them out", () => {
    assert.deepEqual(planPromotion(start, toStaging).absent, ["fresh"]);
  });

  it("takes only the services asked for", () => {
    assert.deepEqual(planPromotion(start, { ...toStaging, services: ["audit"] }).changes, []);
  });

  it("carries the digest along", () => {
    const pinned = new Map([...start, ...images({ dev: { bff: "2.0" } }, digestOf("c"))]);
    assert.match(planPromotion(pinned, toStaging).changes[0]!.text, /digest: sha256:c{64}/);
  });

  const refused: [string, Environment, Environment, RegExp][] = [
    ["the same environment twice", "dev", "dev", /are both dev/],
    ["the way back", "staging", "dev", /staging comes after dev.*platform rollback/s],
    ["a skipped environment", "dev", "production", /skips staging; promote to staging first/],
  ];
  for (const [what, from, to, message] of refused) {
    it(`refuses ${what}`, () =>
      assert.throws(() => planPromotion(start, { from, to, services: [] }), message));
  }

  it("lets an emergency skip an environment, but not go back", () => {
    const skip = { services: [], skip: true };
    assert.equal(planPromotion(start, { from: "dev", to: "production", ...skip }).changes.length, 2);
    assert.throws(() => planPromotion(start, { from: "production", to: "dev", ...skip }), /comes after/);
  });

  it("refuses a service that an environment does not have and lists those it has", () => {
    const request = { ...toStaging, services: ["fresh"] };
    assert.throws(
      () => planPromotion(start, request),
      /staging\/fresh\/image\.yaml does not exist.*audit, bff/,
    );
  });
});

describe("comparing a plan with one made later", () => {
  const agreed = planPromotion(start, toStaging);
  const later = (dev: string, staging: string) =>
    planPromotion(images({ dev: { bff: dev }, staging: { bff: staging } }), sameServices(agreed));

  it("accepts the same plan", () => requireSamePlan(agreed, later("2.0", "1.0")));

  it("accepts that somebody else delivered exactly the planned image", () =>
    requireSamePlan(agreed, later("2.0", "2.0")));

  it("prints both versions where the target moved", () => {
    assert.throws(
      () => requireSamePlan(agreed, later("2.0", "1.5")),
      /bff: planned 1\.0 -> 2\.0, now 1\.5 -> 2\.0/,
    );
  });

  it("prints both versions where the source moved", () => {
    assert.throws(
      () => requireSamePlan(agreed, later("3.0", "1.0")),
      /bff: planned 1\.0 -> 2\.0, now 1\.0 -> 3\.0/,
    );
  });

  it("refuses where source and target meanwhile agree on another image", () => {
    assert.throws(() => requireSamePlan(agreed, later("3.0", "3.0")), /bff: planned 1\.0 -> 2\.0, now 3\.0/);
  });

  it("leaves services out that were not planned", () => {
    const now = images({ dev: { bff: "2.0", audit: "9.0" }, staging: { bff: "1.0", audit: "1.1" } });
    assert.deepEqual(
      planPromotion(now, sameServices(agreed)).changes.map(({ service }) => service),
      ["bff"],
    );
  });
});
