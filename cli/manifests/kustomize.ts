import { execa, type ExecaError } from "execa";
import { CliError } from "../errors";

/** Overlays do no network access, so a build that takes longer than this hangs. */
const timeout = 60_000;

/** The program to call: `PLATFORM_KUSTOMIZE`, or `kustomize` from PATH when that is not set. */
function binary(): string {
  return process.env["PLATFORM_KUSTOMIZE"] ?? "kustomize";
}

/** A build that kustomize refused; the message is its own, without the path of this machine. */
export class BuildError extends Error {}

function reasonOf(stderr: string, directory: string): string {
  const lines = stderr.split("\n").filter((line) => line && !line.startsWith("# Warning"));
  return lines
    .join(" ")
    .replace(/^Error: /, "")
    .replaceAll(`${directory}/`, "")
    .replaceAll(directory, "this folder");
}

/**
 * The YAML that kustomize makes of a folder.
 *
 * @throws BuildError when kustomize refuses the folder.
 * @throws CliError when kustomize cannot be run.
 */
export async function buildKustomization(directory: string): Promise<string> {
  try {
    const { stdout } = await execa(binary(), ["build", directory], { timeout, maxBuffer: 256 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr, timedOut, shortMessage } = error as ExecaError;
    if (code === "ENOENT" || code === "EACCES") {
      throw new CliError(
        `kustomize cannot be run as "${binary()}"; install kustomize 5.4 or newer, or set PLATFORM_KUSTOMIZE to its path`,
      );
    }
    if (timedOut) throw new BuildError(`kustomize needed more than ${timeout / 1000} seconds`);
    throw new BuildError(reasonOf(String(stderr ?? ""), directory) || shortMessage);
  }
}
