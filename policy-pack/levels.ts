import type { Environment } from "../config/environment";

/** advisory is shown; mandatory stops the run before anything is written; off is not evaluated. */
export type Level = "advisory" | "mandatory" | "off";

type Levels = Readonly<Record<Environment, Level>>;

const letters = { A: "advisory", M: "mandatory", "-": "off" } as const;
type Letters = `${keyof typeof letters}/${keyof typeof letters}/${keyof typeof letters}`;

function levels(row: Letters): Levels {
  const [dev, staging, production] = row.split("/") as (keyof typeof letters)[];
  return { dev: letters[dev!], staging: letters[staging!], production: letters[production!] };
}

/** The level of every check in dev/staging/production: A advisory, M mandatory, - off. */
const table: Readonly<Record<string, Levels>> = {
  W1: levels("M/M/M"),
  W2: levels("A/M/M"),
  W3: levels("A/A/M"),
  W4: levels("A/M/M"),
  W5: levels("A/A/M"),
  W6: levels("A/M/M"),
  W7: levels("M/M/M"),
  W8: levels("-/A/M"),
  R1: levels("M/M/M"),
  R2: levels("A/M/M"),
  R3: levels("M/M/M"),
  R4: levels("A/M/M"),
  R5: levels("M/M/M"),
  R6: levels("A/M/M"),
  N1: levels("A/M/M"),
  N2: levels("A/M/M"),
  N3: levels("A/M/M"),
  S1: levels("M/M/M"),
  S2: levels("M/M/M"),
  S3: levels("A/A/M"),
  S4: levels("A/M/M"),
  C1: levels("M/M/M"),
  C2: levels("A/M/M"),
  C3: levels("-/A/M"),
  C4: levels("M/M/M"),
  A1: levels("A/M/M"),
  A2: levels("A/M/M"),
  A3: levels("M/M/M"),
  A4: levels("M/M/M"),
  A5: levels("A/M/M"),
  A6: levels("A/A/M"),
  A7: levels("A/M/M"),
  A8: levels("A/M/M"),
  A9: levels("M/M/M"),
  A10: levels("A/M/M"),
  A11: levels("A/M/M"),
  A12: levels("-/A/M"),
  A13: levels("M/M/M"),
  A14: levels("A/A/M"),
  A15: levels("A/M/M"),
  E1: levels("M/M/M"),
  E2: levels("A/M/M"),
  E3: levels("M/M/M"),
  E4: levels("-/A/M"),
  M1: levels("A/M/M"),
  U1: levels("-/A/M"),
  U2: levels("M/M/M"),
  U3: levels("M/M/M"),
};

/** The level of a check; throws for a check that the table does not know. */
export function levelOf(rule: string, environment: Environment): Level {
  const found = table[rule];
  if (!found) throw new Error(`policy-pack/levels.ts names no level for ${rule}`);
  return found[environment];
}

/** The checks that have a level. */
export const leveledRules: readonly string[] = Object.keys(table);
