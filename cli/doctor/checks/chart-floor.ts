import semver from "semver";
import { chartVersions, type ChartVersion } from "../../../components/chart-versions";
import { type ChartFound, chartsOf, findChart, type ReadText } from "../charts";
import type { Check } from "../context";
import { failed, type Finding, invalid, ok } from "../finding";

/** Refuses a chart whose program has a known vulnerability. */
export function judgeFloor(pin: ChartVersion, found: ChartFound): Finding {
  const { chart, securityFloor } = pin;
  const fix = `set \`versions.charts.${chart}\` to ${pin.version} or newer, or remove it`;
  if (found.kind === "missing")
    return invalid(
      chart,
      "cannot be judged, because the chart was not found",
      "mend what chart-source says of it",
    );
  const pinned = semver.gte(clean(found.version), clean(pin.version));
  const appVersion = found.appVersion === undefined ? undefined : semver.coerce(found.appVersion);
  if (!appVersion) {
    // A registry says nothing of the program; the pin is above the floor, and what is newer is as well.
    return pinned
      ? ok(chart, `${found.version} is not below the pin ${pin.version}`)
      : invalid(
          chart,
          `${found.version} is below the pin, and its source does not say which program it runs`,
          fix,
        );
  }
  if (semver.gte(appVersion, securityFloor.appVersion)) {
    return ok(chart, `runs ${appVersion.version}; the floor is ${securityFloor.appVersion}`);
  }
  const advisories = securityFloor.advisories.join(", ") || "the pin is the oldest that is known to be safe";
  return failed(
    chart,
    `runs ${appVersion.version}, which is below the security floor ${securityFloor.appVersion} (${advisories})`,
    fix,
  );
}

function clean(version: string): string {
  return version.replace(/^v/, "");
}

export function chartFloorCheck(readText: ReadText): Check {
  return {
    name: "chart-floor",
    run: async ({ config }) => {
      const settings = { mirror: config.charts.mirror, versions: config.versions.charts };
      return Promise.all(
        chartsOf(config).map(async (name) =>
          judgeFloor(chartVersions[name], await findChart(name, settings, readText)),
        ),
      );
    },
  };
}
