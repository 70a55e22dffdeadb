import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import type { KubernetesObject } from "../../cli/manifests/object";
import { readObjects, readYaml } from "../../cli/manifests/yaml";

export const root = resolve(__dirname, "../..");
export const overlays = join(root, "infrastructure/k8s/overlays");
export const bases = join(root, "infrastructure/k8s/base");

export function foldersIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => statSync(join(directory, name)).isDirectory())
    .sort();
}

export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The value of a file with one YAML document. */
export function valueOf<Value>(path: string): Value {
  const { documents, problems } = readYaml(readFileSync(path, "utf8"), relative(root, path));
  if (problems.length > 0 || documents.length !== 1)
    throw new Error(`${path} is not one strict YAML document`);
  return documents[0]!.value as Value;
}

/** The objects written in the manifests of a folder. */
export function objectsBelow(directory: string): KubernetesObject[] {
  return filesBelow(directory)
    .filter(
      (path) =>
        path.endsWith(".yaml") && !["kustomization.yaml", "name-references.yaml"].includes(basename(path)),
    )
    .flatMap((path) => {
      const { objects, problems } = readObjects(readFileSync(path, "utf8"), relative(root, path));
      if (problems.length > 0) throw new Error(`${path}: ${problems[0]!.message}`);
      return objects.map(({ object }) => object);
    });
}

/** Services that are promoted: those whose overlay states an image. */
export const services = [
  "audit",
  "bff",
  "file-storage",
  "llm-agent",
  "notification",
  "validation",
  "workflow-orchestrator",
];
