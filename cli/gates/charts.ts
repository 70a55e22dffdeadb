import type { InstalledController } from "../cluster/installed-charts";
import type { Versions } from "../promotion/versions-key";
import type { Verdict } from "./verdict";

/** The controllers whose label names this chart, whatever the version. */
function controllersOf(chart: string, controllers: readonly InstalledController[]): InstalledController[] {
  return controllers.filter(
    (controller) =>
      /^v?\d/.test(controller.chart.slice(chart.length + 1)) && controller.chart.startsWith(`${chart}-`),
  );
}

function chartFault(chart: string, version: string, own: readonly InstalledController[]): string | undefined {
  if (own.length === 0) return `${chart} is not installed`;
  const other = own.find((controller) => controller.chart !== `${chart}-${version}`);
  if (other) return `${other.name} runs ${other.chart}, not ${version}`;
  const unavailable = own.find(({ available }) => !available);
  return unavailable && `${unavailable.name} is not available`;
}

/** The source's hub must run every chart at exactly the version, available, and for as long as the soak time. */
export function judgeCharts(
  versions: Versions,
  controllers: readonly InstalledController[],
  wantedMinutes: number,
  now: Date,
): Verdict[] {
  return Object.entries(versions.charts).map(([chart, version]): Verdict => {
    const own = controllersOf(chart, controllers);
    const fault = chartFault(chart, version, own);
    if (fault) return { gate: "charts", subject: chart, passed: false, reason: fault };
    const newest = Math.max(...own.map(({ since }) => since?.getTime() ?? now.getTime()));
    const minutes = Math.floor((now.getTime() - newest) / 60_000);
    return {
      gate: "charts",
      subject: chart,
      passed: minutes >= wantedMinutes,
      reason: `${version} is available for ${minutes} of ${wantedMinutes} minutes`,
    };
  });
}
