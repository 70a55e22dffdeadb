import { main } from "../../../cli/main";

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, in another folder and with other variables. */
export async function runPlatform(
  cwd: string,
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Run> {
  const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode };
  const written = { stdout: "", stderr: "" };
  const original = { stdout: process.stdout.write, stderr: process.stderr.write };
  const capture = (stream: "stdout" | "stderr") => (chunk: string | Uint8Array) => {
    written[stream] += chunk.toString();
    return true;
  };
  process.chdir(cwd);
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  process.stdout.write = capture("stdout");
  process.stderr.write = capture("stderr");
  process.exitCode = 0;
  try {
    const code = await main(argv);
    return { code, ...written };
  } finally {
    Object.assign(process.stdout, { write: original.stdout });
    Object.assign(process.stderr, { write: original.stderr });
    process.exitCode = before.exitCode;
    process.chdir(before.cwd);
    process.env = before.env;
  }
}
