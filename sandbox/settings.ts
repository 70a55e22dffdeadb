import { readFileSync } from "node:fs";
import { SandboxError } from "./errors";
import { type SandboxLayout, sandboxLayout } from "./layout";
import { writePrivateFile } from "./processes/atomic-file";
import { type Variables, workTree } from "./variables";

/** What a sandbox was made with; fixed until `make down`. */
export interface SandboxSettings {
  readonly stack: Variables["STACK"];
  /** Context of the user's own cluster; empty where the sandbox runs one itself. */
  readonly context: string;
  readonly port: number;
  readonly workTree: string;
}

const settingsFile = (directory: string) => sandboxLayout(directory, 0).settings;

function read(directory: string): SandboxSettings | undefined {
  try {
    return JSON.parse(readFileSync(settingsFile(directory), "utf8")) as SandboxSettings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export interface Sandbox {
  readonly layout: SandboxLayout;
  readonly settings: SandboxSettings;
}

/** The sandbox in the folder that the variables name; nothing where there is none. */
export function findSandbox(variables: Variables): Sandbox | undefined {
  const settings = read(variables.SANDBOX_DIR);
  return settings && { settings, layout: sandboxLayout(variables.SANDBOX_DIR, settings.port) };
}

/** The names of the settings that the variables state otherwise than the sandbox was made. */
export function contradictions(
  settings: SandboxSettings,
  wanted: SandboxSettings,
  environment: NodeJS.ProcessEnv,
): string[] {
  return [
    ...(environment["STACK"] && settings.stack !== wanted.stack ? [`STACK=${settings.stack}`] : []),
    ...(settings.context !== wanted.context ? [`CONTEXT=${settings.context}`] : []),
    ...(environment["SANDBOX_PORT"] && settings.port !== wanted.port
      ? [`SANDBOX_PORT=${settings.port}`]
      : []),
    ...(settings.workTree !== wanted.workTree ? [`the work tree ${settings.workTree}`] : []),
  ];
}

/** The sandbox of the variables, made if there is none. */
export function openSandbox(variables: Variables, environment: NodeJS.ProcessEnv): Sandbox {
  const wanted = {
    stack: variables.STACK,
    context: variables.CONTEXT,
    port: variables.SANDBOX_PORT,
    workTree,
  };
  const existing = findSandbox(variables);
  if (existing) {
    const different = contradictions(existing.settings, wanted, environment);
    if (different.length === 0) return existing;
    throw new SandboxError(
      `${variables.SANDBOX_DIR} holds a sandbox that was made with ${different.join(" and ")}`,
      "Take it down with `make down` first, or choose another folder with SANDBOX_DIR (and SANDBOX_PORT).",
    );
  }
  writePrivateFile(settingsFile(variables.SANDBOX_DIR), JSON.stringify(wanted));
  return { settings: wanted, layout: sandboxLayout(variables.SANDBOX_DIR, wanted.port) };
}
