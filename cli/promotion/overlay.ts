import { environments, isEnvironment, nearestEnvironment, type Environment } from "../../config/environment";
import { CliError } from "../errors";
import { listFiles, readObjects } from "../git";
import { parseImageFile, type ImageFile } from "./image-file";

export const overlaysFolder = "infrastructure/k8s/overlays";

/** The one file that says which image of a service an environment runs. */
export function imagePath(environment: Environment, service: string): string {
  return `${overlaysFolder}/${environment}/${service}/image.yaml`;
}

/** Environment and service of an image file's path, or undefined for any other path. */
export function parseImagePath(path: string): { environment: Environment; service: string } | undefined {
  const match = /^infrastructure\/k8s\/overlays\/([^/]+)\/([^/]+)\/image\.yaml$/.exec(path);
  const [, environment = "", service = ""] = match ?? [];
  return match && isEnvironment(environment) ? { environment, service } : undefined;
}

/** @throws CliError that names the nearest environment. */
export function parseEnvironmentName(name: string): Environment {
  if (isEnvironment(name)) return name;
  throw new CliError(
    `"${name}" is not an environment (${environments.join(", ")}); did you mean "${nearestEnvironment(name)}"?`,
  );
}

/** @throws CliError for anything that is no name of a service, such as text with control characters. */
export function parseServiceName(name: string): string {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return name;
  throw new CliError(
    `${JSON.stringify(name)} is not the name of a service; use lower-case letters, digits and hyphens`,
  );
}

/** What git states at one commit, by environment and service. */
export type Images = ReadonlyMap<Environment, ReadonlyMap<string, ImageFile>>;

/** Reads every image file of the given environments at a commit, in two processes however many services there are. */
export async function readImages(
  cwd: string,
  commit: string,
  wanted: readonly Environment[] = environments,
): Promise<Images> {
  const files = await listFiles(cwd, commit, overlaysFolder);
  const ids = new Map(
    [...files].filter(([path]) => wanted.includes(parseImagePath(path)?.environment as Environment)),
  );
  const texts = await readObjects(cwd, [...new Set(ids.values())]);
  const images = new Map(wanted.map((environment) => [environment, new Map<string, ImageFile>()]));
  for (const [path, id] of ids) {
    const { environment, service } = parseImagePath(path)!;
    const text = texts.get(id)!;
    images.get(environment)!.set(service, parseImageFile(text, path));
  }
  return images;
}
