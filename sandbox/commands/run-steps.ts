import { Listr, PRESET_TIMER } from "listr2";

/** A step of a command, shown while it runs with what it reports, and afterwards with the time it took. */
export interface Step<Context> {
  readonly title: string;
  /** Returns what to add to the title once it is done, if anything. */
  readonly run: (context: Context, report: (line: string) => void) => Promise<string | void>;
}

/**
 * Runs the steps one after the other.
 *
 * @throws the error of the step that failed, unchanged; the list itself only marks that step.
 */
export async function runSteps<Context>(context: Context, steps: readonly Step<Context>[]): Promise<Context> {
  let failure: unknown;
  const list = new Listr<Context>(
    steps.map(({ title, run }) => ({
      title,
      task: async (_context, task) => {
        let last = "";
        const report = (line: string) => {
          // Where there is no terminal, every line stays.
          if (line !== last) task.output = line;
          last = line;
        };
        try {
          const outcome = await run(context, report);
          if (outcome) task.title = `${title}: ${outcome}`;
        } catch (error) {
          failure = error;
          throw new Error("failed, see below", { cause: error });
        }
      },
    })),
    {
      rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  try {
    await list.run();
  } catch (error) {
    throw failure ?? error;
  }
  return context;
}
