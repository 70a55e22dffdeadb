import assert from "node:assert/strict";
import semver from "semver";
import { chartVersions, type ChartVersion } from "../../components/chart-versions";

describe("the chart versions", () => {
  for (const pin of Object.values<ChartVersion>(chartVersions)) {
    it(`pin ${pin.chart} to one exact version`, () => {
      assert.equal(semver.valid(pin.version), pin.version.replace(/^v/, ""));
    });

    it(`hold ${pin.chart} at or above its security floor`, () => {
      assert.ok(semver.gte(pin.appVersion, pin.securityFloor.appVersion));
    });
  }
});
