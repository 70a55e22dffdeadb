import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Rendered } from "./build";
import type { Finding } from "./finding";
import { groupOf, type KubernetesObject, type LocatedObject, nameOf, titleOf, withoutHash } from "./object";
import { readObjects } from "./yaml";

function sourceKey(object: KubernetesObject): string {
  return [groupOf(object), object.kind, withoutHash(nameOf(object))].join("/");
}

/** Finds the manifest in which an object of a build is written; undefined for one that a generator made. */
export async function sourceFinder(
  rendered: Rendered,
  cwd: string,
): Promise<(object: KubernetesObject) => LocatedObject | undefined> {
  const files = rendered.kustomizations.flatMap(({ files }) => files);
  const sources = await Promise.all(
    files.map(async (file) => readObjects(await readFile(resolve(cwd, file), "utf8"), file).objects),
  );
  const places = new Map(sources.flat().map((source) => [sourceKey(source.object), source]));
  return (object) => places.get(sourceKey(object));
}

/** Findings about the objects of a build name its folder; this points them at the file in which the object is written. */
export async function pointAtSources(
  build: Rendered,
  findings: readonly Finding[],
  cwd: string,
): Promise<readonly Finding[]> {
  const concerns = ({ file, object }: Finding) => file === build.path && object !== "";
  // Reading the sources takes as long as building them, so a clean overlay is spared.
  if (!findings.some(concerns)) return findings;
  const source = await sourceFinder(build, cwd);
  const places = new Map(build.objects.map(({ object }) => [titleOf(object), source(object)]));
  return findings.map((finding) => {
    const place = concerns(finding) ? places.get(finding.object) : undefined;
    return place ? { ...finding, file: place.file, ...(place.line && { line: place.line }) } : finding;
  });
}
