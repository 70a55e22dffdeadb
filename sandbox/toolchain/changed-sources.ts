import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../errors";
import { copyModuleFolder } from "./copy-module-folder";
import { go } from "./go";
import type { ChangedSources, Replacement } from "./tools";

// No Go package, and most of the module's size.
const leftOut = new Set(["docs", "manifests", "test"]);

/** The source with each text replaced; refuses a source that does not hold each of them exactly once. */
export function replaceOnce(file: string, source: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, { from, to }) => {
    const parts = text.split(from);
    if (parts.length !== 2) {
      throw new SandboxError(
        `${file} no longer holds ${from} exactly once`,
        "Read how this version does it and adjust `changes` in sandbox/toolchain/tools.ts.",
      );
    }
    return parts.join(to);
  }, source);
}

/**
 * Copies a module with these replacements and nothing else changed, since Go refuses to overlay files of its module
 * cache. Returns a go.mod to build with instead of the pinned one.
 */
export async function writeChangedSources(
  { module, files, replacements }: ChangedSources,
  moduleDirectory: string,
  directory: string,
): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  const original = await go(["list", "-m", "-f", "{{.Dir}}", module], moduleDirectory);
  const copy = join(directory, "module");
  await copyModuleFolder(original, copy, (path) => !leftOut.has(path));
  for (const file of files) {
    const path = join(copy, file);
    await writeFile(path, replaceOnce(file, await readFile(path, "utf8"), replacements));
  }
  for (const file of ["go.mod", "go.sum"]) await copyFile(join(moduleDirectory, file), join(directory, file));
  const goMod = join(directory, "go.mod");
  await go(["mod", "edit", `-replace=${module}=${copy}`, goMod], moduleDirectory);
  return goMod;
}
