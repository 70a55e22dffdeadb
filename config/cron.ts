import { Cron } from "croner";

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** What may stand for the numbers, from the least on. */
  readonly words?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const fields: readonly Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, words: months },
  { name: "day of the week", least: 0, most: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const itemPattern = /^(?:\*|(?<from>[a-z0-9]+)(?:-(?<to>[a-z0-9]+))?)(?:\/(?<step>\d+))?$/i;

function numberIn(text: string, { least, most, words = [] }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  const value = word >= 0 ? least + word : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}

function isItem(item: string, field: Field): boolean {
  const groups = itemPattern.exec(item)?.groups;
  if (!groups || groups["step"] === "0") return false;
  if (groups["from"] === undefined) return true;
  const from = numberIn(groups["from"], field);
  const to = groups["to"] === undefined ? from : numberIn(groups["to"], field);
  return from !== undefined && to !== undefined && from <= to;
}

/**
 * What keeps a schedule from being one of Argo CD's sync windows, or nothing. Its parser is stricter than others: no
 * descriptors such as `@daily`, no Sunday as 7, no `L`, `W` or `#`. A window that it cannot parse stops every sync
 * without a word, so that leniency here would cost a delivery.
 * https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export function cronProblem(schedule: string): string | undefined {
  const texts = schedule.trim().split(/\s+/);
  if (texts.length !== fields.length) return "must have five fields: minute hour day month weekday";
  const wrong = fields.find((field, index) => !texts[index]!.split(",").every((item) => isItem(item, field)));
  if (wrong) {
    const { name, least, most } = wrong;
    return `is not a cron schedule: the ${name} must be *, or numbers, ranges and steps from ${least} to ${most}`;
  }
  try {
    const cron = new Cron(schedule, { mode: "5-part", paused: true });
    return cron.nextRun() ? undefined : "never comes true; check day and month";
  } catch (error) {
    return `is not a cron schedule: ${(error as Error).message}`;
  }
}
