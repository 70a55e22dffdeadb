import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { type Finding, unreadable } from "./finding";
import { lineOf, readYaml, type YamlDocument } from "./yaml";

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Fields whose entries are files or folders to read. */
const pathFields = [
  "resources",
  "bases",
  "components",
  "crds",
  "configurations",
  "generators",
  "transformers",
  "validators",
] as const;

/** A patch as a kustomization lists it. */
export interface PatchEntry {
  readonly target?: Readonly<Record<string, string>>;
  /** Line of the entry in the kustomization. */
  readonly line: number;
}

/** One kustomization file of a build, and what it takes in. */
export interface Kustomization {
  /** Path of the file itself. */
  readonly file: string;
  readonly directory: string;
  readonly yaml: YamlDocument;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Manifest files that it reads, without the kustomizations among its resources. */
  readonly files: readonly string[];
  readonly patches: readonly PatchEntry[];
}

/** Everything that a build reads. */
export interface Sources {
  readonly kustomizations: readonly Kustomization[];
  readonly problems: readonly Finding[];
}

/** The kustomization file of a folder, or undefined where the folder has none. */
export function kustomizationFile(directory: string): string | undefined {
  return fileNames.map((name) => join(directory, name)).find((file) => existsSync(file));
}

/** An address that kustomize would fetch: a scheme, a host with a path, or the scp form of git. */
export function isRemote(entry: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:/i.test(entry) ||
    /[?&]ref=/.test(entry) ||
    /^[^/\s]+@[^/\s]+:/.test(entry) ||
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}\//i.test(entry)
  );
}

function entriesOf(
  fields: Kustomization["fields"],
  field: string,
): { entry: string; path: (string | number)[] }[] {
  const value = fields[field];
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown, index) =>
    // Generators and transformers may also be written inline, as YAML text.
    typeof entry === "string" && !entry.includes("\n") ? [{ entry, path: [field, index] }] : [],
  );
}

function readPatches(yaml: YamlDocument, fields: Kustomization["fields"]): PatchEntry[] {
  return ["patches", "patchesJson6902"].flatMap((field) => {
    const list = fields[field];
    if (!Array.isArray(list)) return [];
    return list.map((patch: unknown, index) => {
      const target = (patch as { target?: Record<string, string> } | null)?.target;
      return { ...(target && { target }), line: lineOf(yaml, [field, index]) };
    });
  });
}

class SourceReader {
  readonly kustomizations: Kustomization[] = [];
  readonly problems: Finding[] = [];
  private readonly seen = new Set<string>();

  /** @param root no file outside this folder may be read. */
  constructor(
    private readonly root: string,
    private readonly cwd: string,
  ) {}

  private show(path: string): string {
    return relative(this.cwd, path) || ".";
  }

  private wrong(file: string, message: string, line?: number): void {
    this.problems.push(unreadable(this.show(file), message, line));
  }

  async read(directory: string): Promise<void> {
    if (this.seen.has(directory)) return;
    this.seen.add(directory);
    const file = kustomizationFile(directory);
    if (!file) return this.wrong(directory, "has no kustomization.yaml; add one or remove the folder");
    const { documents, problems } = readYaml(await readFile(file, "utf8"), this.show(file));
    this.problems.push(...problems);
    if (problems.length > 0) return;
    const [yaml] = documents;
    const value = yaml?.value;
    if (
      !yaml ||
      documents.length > 1 ||
      value === null ||
      typeof value !== "object" ||
      Array.isArray(value)
    ) {
      return this.wrong(file, "must be one YAML document with the fields of a Kustomization");
    }
    const fields = value as Record<string, unknown>;
    const { files, directories } = await this.resolveEntries(file, yaml, fields);
    this.kustomizations.push({
      file: this.show(file),
      directory,
      yaml,
      fields,
      files: files.map((path) => this.show(path)),
      patches: readPatches(yaml, fields),
    });
    for (const next of directories) await this.read(next);
  }

  private async resolveEntries(
    file: string,
    yaml: YamlDocument,
    fields: Record<string, unknown>,
  ): Promise<{ files: string[]; directories: string[] }> {
    const files: string[] = [];
    const directories: string[] = [];
    for (const { entry, path } of pathFields.flatMap((field) => entriesOf(fields, field))) {
      const line = lineOf(yaml, path);
      const target = resolve(dirname(file), entry);
      if (isRemote(entry)) {
        this.wrong(
          file,
          `takes ${entry} from outside the repository; copy it in, so that a commit says all`,
          line,
        );
      } else if (isAbsolute(entry)) {
        this.wrong(file, `names the absolute path ${entry}; write it relative to this file`, line);
      } else if (target !== this.root && !target.startsWith(this.root + sep)) {
        this.wrong(file, `reaches ${entry}, outside ${this.show(this.root)}; move it inside`, line);
      } else if (!existsSync(target)) {
        this.wrong(file, `names ${entry}, which does not exist; create it or remove the entry`, line);
      } else {
        ((await stat(target)).isDirectory() ? directories : files).push(target);
      }
    }
    return { files, directories };
  }
}

/**
 * The kustomizations that a build of `directory` reads, its own first.
 *
 * @param root the repository: nothing outside may be read.
 * @param cwd paths in the result are relative to it.
 */
export async function readSources(directory: string, root: string, cwd: string): Promise<Sources> {
  const reader = new SourceReader(root, cwd);
  await reader.read(directory);
  return { kustomizations: reader.kustomizations, problems: reader.problems };
}
