import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { list } from "../../policy-pack/fields";
import { type Finding, unreadable } from "./finding";
import { contentEntries, type Entry, isRemote, manifestEntries } from "./kustomization-entries";
import { lineOf, readYaml, type YamlDocument } from "./yaml";

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ */
const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

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
  /** YAML files of its folder that it does not read, so that nothing of them is ever delivered. */
  readonly unread: readonly string[];
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

function readPatches(yaml: YamlDocument, fields: Kustomization["fields"]): PatchEntry[] {
  return ["patches", "patchesJson6902"].flatMap((field) => {
    return list(fields[field]).map((patch, index) => {
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
    if (!this.isInside(directory))
      return this.wrong(directory, `is outside ${this.show(this.root)}; move it inside`);
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
    const contents = contentEntries(fields).map((entry) => this.resolveEntry(file, yaml, entry));
    const read = new Set([file, ...files, ...contents]);
    this.kustomizations.push({
      file: this.show(file),
      directory,
      yaml,
      fields,
      files: files.map((path) => this.show(path)),
      patches: readPatches(yaml, fields),
      unread: (await readdir(directory))
        .map((name) => join(directory, name))
        .filter((path) => /\.ya?ml$/.test(path) && !read.has(path))
        .map((path) => this.show(path)),
    });
    for (const next of directories) await this.read(next);
  }

  private isInside(path: string): boolean {
    return path === this.root || path.startsWith(this.root + sep);
  }

  /** Why no build may read what an entry names; undefined where it may. */
  private objection(entry: string, target: string): string | undefined {
    if (isRemote(entry))
      return `takes ${entry} from outside the repository; copy it in, so that a commit says all`;
    if (isAbsolute(entry)) return `names the absolute path ${entry}; write it relative to this file`;
    if (!this.isInside(target)) return `reaches ${entry}, outside ${this.show(this.root)}; move it inside`;
    return existsSync(target)
      ? undefined
      : `names ${entry}, which does not exist; create it or remove the entry`;
  }

  /** The path that an entry names; undefined, with a problem, where no build may read it. */
  private resolveEntry(file: string, yaml: YamlDocument, { entry, path }: Entry): string | undefined {
    const target = resolve(dirname(file), entry);
    const message = this.objection(entry, target);
    if (message === undefined) return target;
    this.wrong(file, message, lineOf(yaml, path));
    return undefined;
  }

  private async resolveEntries(
    file: string,
    yaml: YamlDocument,
    fields: Kustomization["fields"],
  ): Promise<{ files: string[]; directories: string[] }> {
    const files: string[] = [];
    const directories: string[] = [];
    for (const entry of manifestEntries(fields)) {
      const target = this.resolveEntry(file, yaml, entry);
      if (target !== undefined) ((await stat(target)).isDirectory() ? directories : files).push(target);
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
