import { perCluster } from "../context";
import { failed, type Finding, invalid, ok } from "../finding";

/** Tokens and certificates are refused by a clock that is further away than this. */
const mostSeconds = 30;

/** @param header when the API server says that it answered; its unit is one second. */
export function judgeClock(
  cluster: string,
  header: string | undefined,
  asked: Date,
  answered: Date,
): Finding {
  const server = Date.parse(header ?? "");
  if (Number.isNaN(server)) {
    return invalid(
      cluster,
      "does not say what time it is",
      "check that nothing stands between here and the API server",
    );
  }
  const early = asked.getTime() - 1000 - server;
  const late = server - answered.getTime();
  const seconds = Math.ceil(Math.max(early, late, 0) / 1000);
  return seconds <= mostSeconds
    ? ok(cluster, seconds === 0 ? "agrees with this machine" : `differs from this machine by ${seconds} s`)
    : failed(
        cluster,
        `differs from this machine by ${seconds} s, which is more than ${mostSeconds} s`,
        "set both clocks by NTP; tokens and certificates are refused outside their time",
      );
}

/** Compares this machine's clock with that of every API server. */
export const clusterClockCheck = perCluster("cluster-clock", async ({ name, api }, { now }) => {
  const asked = now();
  const { headers } = await api.send("/version");
  return [judgeClock(name, headers.date, asked, now())];
});
