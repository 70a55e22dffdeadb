import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The whole new content of one file. */
export interface FileChange {
  readonly path: string;
  readonly text: string;
}

/**
 * The only function that writes promoted files.
 *
 * @returns the paths that differ from what stood there before.
 */
export async function applyChanges(root: string, changes: readonly FileChange[]): Promise<string[]> {
  const touched: string[] = [];
  for (const { path, text } of changes) {
    const file = join(root, path);
    if ((await readFile(file, "utf8")) === text) continue;
    await writeFile(file, text);
    touched.push(path);
  }
  return touched;
}
