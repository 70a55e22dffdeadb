import { at, type Fields, list, text } from "../../policy-pack/fields";

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

/** A path that a kustomization names, and where in it. */
export interface Entry {
  readonly entry: string;
  readonly path: readonly (string | number)[];
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

function entriesIn(kustomization: Fields, field: string): Entry[] {
  return list(kustomization[field]).flatMap((entry, index) =>
    // Generators and transformers may also be written inline, as YAML text.
    typeof entry === "string" && !entry.includes("\n") ? [{ entry, path: [field, index] }] : [],
  );
}

/** Files that are read for what is in them and hold no objects of their own: patches, and what generators take in. */
export function contentEntries(kustomization: Fields): Entry[] {
  const patches = ["patches", "patchesJson6902", "replacements"].flatMap((field) =>
    list(kustomization[field]).map((item, index) => ({
      entry: text(at(item, "path")),
      path: [field, index, "path"],
    })),
  );
  const generated = ["configMapGenerator", "secretGenerator"].flatMap((field) =>
    list(kustomization[field]).flatMap((generator, index) =>
      ["files", "envs"].flatMap((kind) =>
        list(at(generator, kind)).map((entry, place) => ({
          // A file may be given another name: `settings.json=dev.json`.
          entry: text(entry).replace(/^[^=]*=/, ""),
          path: [field, index, kind, place],
        })),
      ),
    ),
  );
  return [...patches, ...generated, ...entriesIn(kustomization, "patchesStrategicMerge")].filter(
    ({ entry }) => entry !== "",
  );
}

/** Manifests, and folders with a kustomization of their own. */
export function manifestEntries(kustomization: Fields): Entry[] {
  return pathFields.flatMap((field) => entriesIn(kustomization, field));
}
