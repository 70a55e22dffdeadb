import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { parse } from "yaml";
import { chartVersions, type ChartName, type ChartVersion } from "../../../components/chart-versions";
import { isRecorded, recordedKeys, unknownPaths } from "../../components/recorded-keys";
import { renderedValues } from "../../components/rendered-values";

type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Merges as Helm does: objects key by key, everything else as a whole. */
function merge(defaults: Values, values: Values): Values {
  const merged = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const before = merged[key];
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

/** Copies of the values, each with one misspelt key in one of its objects, by the path of that key. */
function withMisspeltKeys(values: Values, path = ""): [string, Values][] {
  return [
    [`${path}misspelt`, { ...values, misspelt: true }],
    ...Object.entries(values).flatMap(([key, value]) =>
      isObject(value)
        ? withMisspeltKeys(value, `${path}${key}/`).map(([at, changed]): [string, Values] => [
            at,
            { ...values, [key]: changed },
          ])
        : [],
    ),
  ];
}

function standIn(chart: string) {
  const file = (name: string) =>
    readFileSync(join(__dirname, "../../../sandbox/charts", chart, name), "utf8");
  const validate = new Ajv2020({ allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
    JSON.parse(file("values.schema.json")) as object,
  );
  return {
    version: (parse(file("Chart.yaml")) as { version: string }).version,
    defaults: parse(file("values.yaml"), { merge: true }) as Values,
    problems: (values: Values): string[] =>
      validate(JSON.parse(JSON.stringify(values)))
        ? []
        : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`),
  };
}

for (const [name, pin] of Object.entries<ChartVersion>(chartVersions)) {
  describe(`the stand-in of the ${pin.chart} chart`, () => {
    const chart = standIn(pin.chart);
    const recorded = recordedKeys(pin.chart);

    for (const [kind, values] of Object.entries<object>(renderedValues[name as ChartName])) {
      it(`takes the values of the program (${kind})`, () => {
        assert.deepEqual(chart.problems(merge(chart.defaults, values as Values)), []);
      });
    }

    it("knows no key that the official chart does not know", () => {
      assert.deepEqual(unknownPaths(chart.defaults, recorded), []);
    });

    it("refuses a misspelt key wherever the official chart does not take any key", () => {
      const misspelt = withMisspeltKeys(chart.defaults).filter(([path]) => !isRecorded(path, recorded));
      assert.ok(misspelt.length > 5);
      const taken = misspelt
        .filter(([, values]) => chart.problems(values).length === 0)
        .map(([path]) => path);
      assert.deepEqual(taken, []);
    });

    it("says which official version it stands in for", () => {
      assert.equal(chart.version, `${pin.version}+stand-in`);
    });
  });
}
