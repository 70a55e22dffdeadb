import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** Gives a run of mocha, and all that it starts, a folder of its own for temporary files. */
export function mochaGlobalSetup(): void {
  folder = mkdtempSync(join(tmpdir(), "tests-"));
  process.env["TMPDIR"] = folder;
}

/** Removes what tests left in it. */
export function mochaGlobalTeardown(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
}
