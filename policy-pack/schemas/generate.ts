import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { elements, fields, isOn, text } from "../fields";
import type { SchemaNode } from "./node";
import { shareParts, shorten, shortenResource } from "./shorten";
import { customResourceSources, kubernetesSource, origin, type SchemaSource } from "./sources";

/** Folder of a module's definitions, downloaded where needed. */
async function folderOf({ module, version, folder }: SchemaSource): Promise<string> {
  const { stdout } = await execa("go", ["mod", "download", "-json", `${module}@${version}`]);
  return join((JSON.parse(stdout) as { Dir: string }).Dir, folder);
}

async function kubernetesSchemas(): Promise<Map<string, SchemaNode>> {
  const document: unknown = JSON.parse(
    readFileSync(join(await folderOf(kubernetesSource), "swagger.json"), "utf8"),
  );
  const nodes = new Map<string, SchemaNode>();
  for (const [name, definition] of Object.entries(fields(fields(document).definitions))) {
    nodes.set(name, shorten(definition));
    const served = elements(fields(definition)["x-kubernetes-group-version-kind"], "");
    // Options of requests belong to every group; they are never stored.
    if (served.length !== 1) continue;
    const { group, version, kind } = served[0]!.fields;
    nodes.set(`${text(group) ? `${text(group)}/` : ""}${text(version)} ${text(kind)}`, { $: name });
  }
  return nodes;
}

function readDefinitions(folder: string): unknown[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8")))
    .map((document) => document.toJS() as unknown)
    .filter((definition) => fields(definition).kind === "CustomResourceDefinition");
}

async function customResourceSchemas(): Promise<Map<string, SchemaNode>> {
  const nodes = new Map<string, SchemaNode>();
  for (const source of customResourceSources) {
    for (const definition of readDefinitions(await folderOf(source))) {
      const { group, names, versions } = fields(fields(definition).spec);
      for (const version of elements(versions, "")) {
        if (!isOn(version.fields.served)) continue;
        const schema = fields(version.fields.schema).openAPIV3Schema;
        nodes.set(
          `${text(group)}/${text(version.fields.name)} ${text(fields(names).kind)}`,
          shortenResource(schema),
        );
      }
    }
  }
  return shareParts(nodes);
}

function write(file: string, sources: readonly SchemaSource[], nodes: ReadonlyMap<string, SchemaNode>): void {
  const lines = [...nodes].map((entry) => JSON.stringify(entry));
  writeFileSync(
    join(__dirname, file),
    `${[JSON.stringify(["origin", origin(sources)]), ...lines].join("\n")}\n`,
  );
}

async function main(): Promise<void> {
  write("kubernetes.ndjson", [kubernetesSource], await kubernetesSchemas());
  write("custom-resources.ndjson", customResourceSources, await customResourceSchemas());
}

void main();
