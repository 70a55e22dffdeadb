import { basename } from "node:path";
import type { Rendered } from "../build";
import type { Finding } from "../finding";

/** A manifest that nobody lists looks delivered and is not. */
export function unreadFile(build: Rendered): Finding[] {
  return build.kustomizations.flatMap(({ file, unread }) =>
    unread.map((path) => ({
      file: path,
      object: "",
      rule: "unread-file",
      level: "mandatory" as const,
      message: `is not listed in ${basename(file)}, so it is never delivered; list it or remove it`,
    })),
  );
}
