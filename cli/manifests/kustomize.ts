import { execa, type ExecaError } from "execa";
import semver from "semver";
import { CliError } from "../errors";

/** Overlays do no network access, so a build that takes longer than this hangs. */
const timeout = 60_000;

/** The first version that builds the overlays as Argo CD does. */
const oldest = "5.4.0";

/** What to call with a folder to have it built. */
type Command = readonly [program: string, ...args: string[]];

/** A build that kustomize refused; the message is its own, without the path of this machine. */
export class BuildError extends Error {}

/** Whether a program runs and prints a version of kustomize that is new enough. */
async function isRecent(program: string, args: readonly string[], version: RegExp): Promise<boolean> {
  const { stdout } = await execa(program, args, { reject: false, timeout });
  const found = semver.coerce(version.exec(stdout ?? "")?.[1]);
  return found !== null && semver.gte(found, oldest);
}

async function findKustomize(): Promise<Command> {
  const named = process.env["PLATFORM_KUSTOMIZE"];
  if (named) return [named, "build"];
  if (await isRecent("kustomize", ["version"], /(\d+\.\d+\.\d+)/)) return ["kustomize", "build"];
  const kubectl = ["version", "--client", "--output=json"];
  if (await isRecent("kubectl", kubectl, /"kustomizeVersion": *"v([^"]+)"/)) return ["kubectl", "kustomize"];
  throw new CliError(
    `neither kustomize ${oldest} nor a kubectl that holds it is on PATH; run go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1, or set PLATFORM_KUSTOMIZE to the path of one`,
  );
}

let command: Promise<Command> | undefined;

function reasonOf(stderr: string, directory: string): string {
  const lines = stderr.split("\n").filter((line) => line && !line.startsWith("# Warning"));
  return (
    lines
      .join(" ")
      .replace(/^error: /i, "")
      // Some builds of kubectl log the error instead of printing it.
      .replace(/^E\d{4} .*? err="(.*)"$/, (_, logged: string) => logged.replaceAll('\\"', '"'))
      .replaceAll(`${directory}/`, "")
      .replaceAll(directory, "this folder")
  );
}

/**
 * The YAML that kustomize makes of a folder: the program that `PLATFORM_KUSTOMIZE` names, else `kustomize` from PATH,
 * else the one inside `kubectl`.
 *
 * @throws BuildError when kustomize refuses the folder.
 * @throws CliError when kustomize cannot be run.
 */
export async function buildKustomization(directory: string): Promise<string> {
  const [program, ...args] = await (command ??= findKustomize());
  try {
    const { stdout } = await execa(program, [...args, directory], { timeout, maxBuffer: 256 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr, timedOut, shortMessage } = error as ExecaError;
    if (code === "ENOENT" || code === "EACCES") {
      throw new CliError(
        `PLATFORM_KUSTOMIZE=${program} cannot be run; set it to the path of kustomize ${oldest} or newer`,
      );
    }
    if (timedOut) throw new BuildError(`kustomize needed more than ${timeout / 1000} seconds`);
    throw new BuildError(reasonOf(String(stderr ?? ""), directory) || shortMessage);
  }
}
