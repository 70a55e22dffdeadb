import { relative } from "node:path";
import type { Rendered } from "../build";
import type { Finding } from "../finding";

/**
 * A base that no overlay takes in is delivered nowhere.
 *
 * @param bases absolute paths of the folders that hold bases.
 * @param root paths in findings are relative to it.
 */
export function unusedBase(builds: readonly Rendered[], bases: readonly string[], root: string): Finding[] {
  const used = new Set(
    builds.flatMap(({ kustomizations }) => kustomizations.map(({ directory }) => directory)),
  );
  return bases
    .filter((directory) => !used.has(directory))
    .map((directory) => ({
      file: relative(root, directory),
      object: "",
      rule: "unused-base",
      level: "advisory",
      message: "is taken in by no overlay, so it is delivered nowhere; add an overlay or remove the folder",
    }));
}
