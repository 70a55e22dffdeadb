import type { Finding } from "../finding";
import { type LocatedObject, titleOf } from "../object";
import { analysisProblems } from "./analysis";
import { applicationProblems } from "./application";
import { deliveredTogether } from "./delivered";
import { hookProblems } from "./hook";
import { monitorProblems } from "./monitor";
import { rolloutProblems } from "./rollout";
import { waveProblems } from "./wave";

const rules = {
  analysis: analysisProblems,
  application: applicationProblems,
  hook: hookProblems,
  monitor: monitorProblems,
  rollout: rolloutProblems,
  wave: waveProblems,
};

/** What is valid for the API server and policy, but would not be delivered, judged or rolled back as meant. */
export function delivery(objects: readonly LocatedObject[]): Finding[] {
  const together = deliveredTogether(objects);
  return objects.flatMap(({ object, file, line }) =>
    Object.entries(rules).flatMap(([rule, problemsOf]) =>
      problemsOf(object, together).map((message) => ({
        file,
        object: titleOf(object),
        rule,
        level: "mandatory" as const,
        message,
        ...(line && { line }),
      })),
    ),
  );
}
