import { execa } from "execa";

/** Never fetch another Go: the version on the machine is checked against the go.mod files instead. */
export const goEnvironment = { GOTOOLCHAIN: "local", GOFLAGS: "-buildvcs=false -trimpath", GOWORK: "off" };

/** Runs `go` in a module's folder and returns what it prints. */
export async function go(args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await execa("go", args, { cwd, env: goEnvironment });
  return stdout;
}
