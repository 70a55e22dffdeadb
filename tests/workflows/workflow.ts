import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, string>;
}

export interface Job {
  readonly "runs-on"?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Record<string, string>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Record<string, unknown>;
  readonly permissions: unknown;
  readonly jobs: Record<string, Job>;
}

const folder = ".github/workflows";

export function readWorkflow(file: string): Workflow {
  const text = readFileSync(join(folder, file), "utf8");
  return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
}

export function readWorkflows(): Workflow[] {
  return readdirSync(folder).map(readWorkflow);
}

/** The script of a named step, as it stands. */
export function scriptOf(file: string, job: string, step: string): string {
  const found = readWorkflow(file).jobs[job]?.steps?.find(({ name }) => name === step)?.run;
  if (!found) throw new Error(`${file} has no step "${step}" in job ${job}`);
  return found;
}
