import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import ts from "typescript";
import type { Rule } from "../../../policy-pack/rule";

const packFolder = join(__dirname, "..", "..", "..", "policy-pack");
/** What no mutant touches is loaded once. */
const mutableFolders = ["rules", "pod-security"].map((folder) => join(packFolder, folder) + sep);

export function isMutable(file: string): boolean {
  return mutableFolders.some((folder) => file.startsWith(folder));
}

const compiled = new Map<string, string>();

function compile(source: string): string {
  let output = compiled.get(source);
  if (output === undefined) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    compiled.set(source, (output = outputText));
  }
  return output;
}

/** Loads a file of the pack anew, with the sources of some files replaced. */
function load(
  file: string,
  replaced: ReadonlyMap<string, string>,
  loaded = new Map<string, object>(),
): object {
  const known = loaded.get(file);
  if (known) return known;
  const exports = {};
  loaded.set(file, exports);
  const plainRequire = createRequire(file);
  const require = (name: string): unknown => {
    const target = name.startsWith(".") ? join(dirname(file), `${name}.ts`) : "";
    return isMutable(target) ? load(target, replaced, loaded) : plainRequire(name);
  };
  const run = new Function("exports", "require", compile(replaced.get(file) ?? readFileSync(file, "utf8")));
  run(exports, require);
  return exports;
}

/** The rule that a file exports, with the sources of some files replaced. */
export function loadRule(file: string, replaced: ReadonlyMap<string, string>): Rule {
  const [rule] = Object.values(load(file, replaced));
  return rule as Rule;
}
