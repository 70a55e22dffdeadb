import assert from "node:assert/strict";
import { chartVersions, type ChartName, type ChartVersion } from "../../components/chart-versions";
import { recordedKeys, unknownPaths } from "./recorded-keys";
import { renderedValues } from "./rendered-values";

describe("the values of the charts", () => {
  for (const [name, pin] of Object.entries<ChartVersion>(chartVersions)) {
    it(`use only keys that the official ${pin.chart} chart reads`, () => {
      const recorded = recordedKeys(pin.chart);
      const unknown = Object.values(renderedValues[name as ChartName]).flatMap((values) =>
        unknownPaths(values, recorded),
      );
      assert.deepEqual(unknown, [], `not keys of ${pin.chart} ${recorded.version}; see ${recorded.source}`);
    });

    it(`are checked against the keys of the ${pin.chart} version that is installed`, () => {
      assert.equal(recordedKeys(pin.chart).version, pin.version);
    });
  }

  it("do not pass with a misspelt key, at any depth", () => {
    const misspelt = {
      global: { domian: "argocd.example.com" },
      configs: { cm: { "admin.enable": "false" } },
    };
    assert.deepEqual(unknownPaths(misspelt, recordedKeys("argo-cd")), [
      "global/domian",
      "configs/cm/admin.enable",
    ]);
  });
});
