import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../errors";
import { copyModuleFolder } from "./copy-module-folder";
import { go } from "./go";

const argocdModule = "github.com/argoproj/argo-cd/v3";

// These two listen on every interface and have a flag for the port only.
const sources = ["controller/appcontroller.go", "cmd/argocd-notification/commands/controller.go"];

const wildcardAddress = '"0.0.0.0:%d"';
const loopbackAddress = '"127.0.0.1:%d"';

// No Go package, and most of the module's size.
const leftOut = new Set(["docs", "manifests", "test"]);

/** The source with its one address changed; refuses a source that is not as expected. */
export function onLoopback(source: string, text: string): string {
  const parts = text.split(wildcardAddress);
  if (parts.length !== 2) {
    throw new SandboxError(
      `${argocdModule}/${source} no longer holds ${wildcardAddress} exactly once`,
      "Read how this version of Argo CD chooses its metrics address and adjust sandbox/toolchain/loopback-sources.ts.",
    );
  }
  return parts.join(loopbackAddress);
}

/**
 * Copies the Argo CD module with its metrics on the loopback interface, nothing else changed, since Go refuses to
 * overlay files of its module cache. Returns a go.mod to build with instead of the pinned one.
 */
export async function writeLoopbackSources(moduleDirectory: string, directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  const original = await go(["list", "-m", "-f", "{{.Dir}}", argocdModule], moduleDirectory);
  const copy = join(directory, "argo-cd");
  await copyModuleFolder(original, copy, (path) => !leftOut.has(path));
  for (const source of sources) {
    const path = join(copy, source);
    await writeFile(path, onLoopback(source, await readFile(path, "utf8")));
  }
  for (const file of ["go.mod", "go.sum"]) await copyFile(join(moduleDirectory, file), join(directory, file));
  const goMod = join(directory, "go.mod");
  await go(["mod", "edit", `-replace=${argocdModule}=${copy}`, goMod], moduleDirectory);
  return goMod;
}
