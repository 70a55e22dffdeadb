import type { Environment } from "../../config/environment";
import type { Status } from "./collect";
import type { StatusRow } from "./row";

/** `wait` passes by itself: a rollout on its way, a pause; `bad` needs somebody. */
export type Tone = "good" | "wait" | "bad";

/** One service in one environment, over all of its clusters. */
export interface Cell {
  readonly environment: Environment;
  readonly tone: Tone;
  /** Never empty; all of them state the same image in git. */
  readonly rows: readonly [StatusRow, ...StatusRow[]];
}

export interface Line {
  readonly service: string;
  /** In the order of the environments; undefined where the environment does not have the service. */
  readonly cells: readonly (Cell | undefined)[];
}

/** A cluster that Argo CD is still bringing to what git states is not in need of anybody. */
function underWay({ sync, health, freeze }: StatusRow): boolean {
  return freeze === undefined && sync === "Synced" && ["Progressing", "Suspended"].includes(health);
}

export function toneOf(row: StatusRow): Tone {
  if (underWay(row)) return "wait";
  const sound = row.sync === "Synced" && row.health === "Healthy" && !row.drift && row.freeze === undefined;
  return sound ? "good" : "bad";
}

function worst(tones: readonly Tone[]): Tone {
  return (["bad", "wait"] as const).find((tone) => tones.includes(tone)) ?? "good";
}

function cellOf(environment: Environment, rows: readonly StatusRow[]): Cell | undefined {
  const [first, ...others] = rows;
  return first && { environment, tone: worst(rows.map(toneOf)), rows: [first, ...others] };
}

/** Services by environments: what people look at first. */
export function toMatrix({ rows, environments }: Pick<Status, "rows" | "environments">): Line[] {
  return [...new Set(rows.map(({ service }) => service))].map((service) => ({
    service,
    cells: environments.map((environment) =>
      cellOf(
        environment,
        rows.filter((row) => row.service === service && row.environment === environment),
      ),
    ),
  }));
}
