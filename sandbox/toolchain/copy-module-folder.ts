import { chmod, cp, readdir } from "node:fs/promises";
import { join, relative } from "node:path";

// Go's module cache is read-only, folders included, and copies inherit that: they could be neither changed nor deleted.
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    await (entry.isDirectory() ? makeWritable(path) : chmod(path, 0o600));
  }
}

/** Copies a folder out of Go's module cache. `keep` is asked with each path relative to the folder. */
export async function copyModuleFolder(
  from: string,
  to: string,
  keep: (path: string) => boolean = () => true,
): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => keep(relative(from, path)) });
  await makeWritable(to);
}
