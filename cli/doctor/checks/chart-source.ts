import { chartVersions } from "../../../components/chart-versions";
import { type ChartFound, chartsOf, describeSource, findChart, type ReadText } from "../charts";
import type { Check } from "../context";
import { type Finding, invalid, ok } from "../finding";

export function judgeSource(chart: string, source: string, found: ChartFound): Finding {
  return found.kind === "found"
    ? ok(chart, `${found.version} is served`)
    : invalid(
        chart,
        `${source} ${found.reason}`,
        "correct `versions.charts` or `charts.mirror`, or open the way there",
      );
}

/** A source that fails in the middle of `up` leaves half a platform. */
export function chartSourceCheck(readText: ReadText): Check {
  return {
    name: "chart-source",
    run: async ({ config }) => {
      const settings = { mirror: config.charts.mirror, versions: config.versions.charts };
      return Promise.all(
        chartsOf(config).map(async (name) =>
          judgeSource(
            chartVersions[name].chart,
            describeSource(name, settings),
            await findChart(name, settings, readText),
          ),
        ),
      );
    },
  };
}
