import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";

/**
 * Builds a program from its published Go module, once, into the cache of this user.
 *
 * @param module path of the program's package and version: `sigs.k8s.io/kustomize/kustomize/v5@v5.8.1`.
 * @returns its path; undefined, with a line on stderr, where it cannot be built.
 */
export async function goTool(module: string): Promise<string | undefined> {
  const [path = "", version = ""] = module.split("@");
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const directory = join(cache, "gitops-platform", "bench", version);
  const program = join(directory, basename(path.replace(/\/v\d+$/, "")));
  if (existsSync(program)) return program;
  mkdirSync(directory, { recursive: true });
  const { exitCode, stderr } = await execa("go", ["install", module], {
    env: { GOBIN: directory, GOFLAGS: "-buildvcs=false" },
    reject: false,
  });
  if (exitCode === 0) return program;
  process.stderr.write(
    `NOT COMPARED with ${module}: it cannot be built (${stderr || "go is not installed"})\n`,
  );
  return undefined;
}
