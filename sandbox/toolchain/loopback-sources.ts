import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../errors";
import { copyModuleFolder } from "./copy-module-folder";
import { go } from "./go";
import type { LoopbackSources } from "./tools";

const wildcardAddress = '"0.0.0.0:%d"';
const loopbackAddress = '"127.0.0.1:%d"';

// No Go package, and most of the module's size.
const leftOut = new Set(["docs", "manifests", "test"]);

/** The source with its one address changed; refuses a source that is not as expected. */
export function onLoopback(source: string, text: string): string {
  const parts = text.split(wildcardAddress);
  if (parts.length !== 2) {
    throw new SandboxError(
      `${source} no longer holds ${wildcardAddress} exactly once`,
      "Read how this version chooses the address of its metrics and adjust `loopback` in sandbox/toolchain/tools.ts.",
    );
  }
  return parts.join(loopbackAddress);
}

/**
 * Copies a module with these sources on the loopback interface, nothing else changed, since Go refuses to overlay files
 * of its module cache. Returns a go.mod to build with instead of the pinned one.
 */
export async function writeLoopbackSources(
  { module, files }: LoopbackSources,
  moduleDirectory: string,
  directory: string,
): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  const original = await go(["list", "-m", "-f", "{{.Dir}}", module], moduleDirectory);
  const copy = join(directory, "module");
  await copyModuleFolder(original, copy, (path) => !leftOut.has(path));
  for (const file of files) {
    const path = join(copy, file);
    await writeFile(path, onLoopback(file, await readFile(path, "utf8")));
  }
  for (const file of ["go.mod", "go.sum"]) await copyFile(join(moduleDirectory, file), join(directory, file));
  const goMod = join(directory, "go.mod");
  await go(["mod", "edit", `-replace=${module}=${copy}`, goMod], moduleDirectory);
  return goMod;
}
