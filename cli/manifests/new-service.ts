import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Environment, environments } from "../../config/environment";
import { CliError } from "../errors";
import type { Image } from "../promotion/image";
import { parseImageFile, readImage } from "../promotion/image-file";
import { overlaysFolder, parseServiceName } from "../promotion/overlay";

const baseFolder = join("infrastructure", "k8s", "base");

/** What is to be added, and after whose example. */
export interface NewService {
  readonly name: string;
  readonly environment: Environment;
  /** The service whose files are copied. */
  readonly like: string;
  readonly tag: string;
  /** Needed in production. */
  readonly digest: string | undefined;
}

/** A file to write, with its path in the repository. */
interface NewFile {
  readonly path: string;
  readonly text: string;
}

function overlayOf(service: string, environment: Environment): string {
  return join(overlaysFolder, environment, service);
}

function baseOf(service: string): string {
  return join(baseFolder, service);
}

/** The name of the example wherever it stands as a word, also as the first part of a longer name. */
function renamed(text: string, from: string, to: string): string {
  return text.replace(new RegExp(`(?<![\\w-])${from}(?!\\w)`, "g"), to);
}

async function copied(root: string, from: string, to: string, service: NewService): Promise<NewFile[]> {
  const names = (await readdir(join(root, from))).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: join(to, name),
      text: renamed(await readFile(join(root, from, name), "utf8"), service.like, service.name),
    })),
  );
}

function withImage({ path, text }: NewFile, image: Image): NewFile {
  if (!path.endsWith("image.yaml")) return { path, text };
  const replaced = parseImageFile(text, path).withImage(image);
  readImage(replaced, path);
  return { path, text: replaced };
}

function refuse(root: string, { name, environment, like, digest }: NewService): void {
  parseServiceName(name);
  const overlay = overlayOf(name, environment);
  if (existsSync(join(root, overlay)))
    throw new CliError(`${overlay} exists already; choose another name or environment`);
  if (!existsSync(join(root, overlayOf(like, environment), "image.yaml"))) {
    throw new CliError(
      `--like ${like}: ${environment} has no such service; name one of ${overlayOf("*", environment)}`,
    );
  }
  const earlier = environments.slice(0, environments.indexOf(environment));
  const skipped = earlier.find((each) => !existsSync(join(root, overlayOf(name, each))));
  if (skipped)
    throw new CliError(
      `${name} is not in ${skipped} yet, where its versions run first; add it there before ${environment}`,
    );
  if (environment === "production" && digest === undefined) {
    throw new CliError(
      "--digest is missing: production runs images by digest; give sha256: and 64 hexadecimal digits",
    );
  }
}

/** The files of the service: its overlay, and its base when no environment has it yet. */
async function plan(root: string, service: NewService): Promise<NewFile[]> {
  refuse(root, service);
  const { name, environment, like, tag, digest } = service;
  const image: Image = { name: `ghcr.io/platform/${name}`, tag, digest };
  const base = existsSync(join(root, baseOf(name)))
    ? []
    : await copied(root, baseOf(like), baseOf(name), service);
  const overlay = await copied(root, overlayOf(like, environment), overlayOf(name, environment), service);
  return [...base, ...overlay.map((file) => withImage(file, image))];
}

/**
 * Writes the files that make Argo CD deliver a service to every cluster of an environment.
 *
 * @returns the paths written.
 * @throws CliError before anything is written, when the name, the environment or the image cannot be.
 */
export async function addService(root: string, service: NewService): Promise<string[]> {
  const files = await plan(root, service);
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: "wx" });
  }
  return files.map(({ path }) => path);
}
