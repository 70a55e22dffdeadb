import pMap from "p-map";
import type { Check, DoctorContext } from "./context";
import { type Finding, invalid, reasonOf } from "./finding";

/** A finding with the name of the check that made it. */
export interface Reported extends Finding {
  readonly check: string;
}

export interface RunOptions {
  /** Milliseconds after which a check counts as not answered. */
  readonly timeout: number;
  /** Called now and then with the names of the checks that still run. */
  readonly onProgress: (running: readonly string[]) => void;
  /** Milliseconds between two such calls. */
  readonly progressInterval: number;
}

const atOnce = 8;

async function runOne(
  { name, run }: Check,
  context: DoctorContext,
  timeout: number,
): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<readonly Finding[]>((resolve) => {
    const tooLong = invalid(
      name,
      `gave no answer within ${timeout / 1000} s`,
      "check the network, then run it again",
    );
    timer = setTimeout(() => resolve([tooLong]), timeout);
  });
  try {
    return await Promise.race([run(context), limit]);
  } catch (error) {
    return [
      invalid(name, `could not be made: ${reasonOf(error)}`, "mend what is named, then run doctor again"),
    ];
  } finally {
    clearTimeout(timer);
  }
}

/** Makes all checks at once. None is lost: one that fails, hangs or says nothing is reported as `invalid`. */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  options: RunOptions,
): Promise<Reported[]> {
  const running = new Set<string>();
  const progress = setInterval(() => options.onProgress([...running]), options.progressInterval);
  try {
    const results = await pMap(
      checks,
      async (check) => {
        running.add(check.name);
        const findings = await runOne(check, context, options.timeout);
        running.delete(check.name);
        const said =
          findings.length > 0 ? findings : [invalid(check.name, "said nothing", "report this as a defect")];
        return said.map((finding) => ({ check: check.name, ...finding }));
      },
      { concurrency: atOnce },
    );
    return results.flat();
  } finally {
    clearInterval(progress);
  }
}
