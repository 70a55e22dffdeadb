import type { Environment } from "../../config/environment";
import { listChanges, readObjects } from "../git";
import { sameImage, type Image } from "./image";
import { readImage } from "./image-file";
import { imagePath, overlaysFolder, parseImagePath } from "./overlay";

/** What an image file said after one commit. */
export interface ImageVersion {
  readonly commit: string;
  readonly time: Date;
  readonly subject: string;
  readonly image: Image;
  readonly text: string;
}

const absent = /^0+$/;

/**
 * Every version of the image files of an environment, newest first per service, as of a commit. A version that
 * cannot be read, because it was broken or because the service was removed, is left out: it was never delivered.
 *
 * @param service omitted, all services.
 */
export async function readHistory(
  cwd: string,
  commit: string,
  environment: Environment,
  service?: string,
): Promise<Map<string, ImageVersion[]>> {
  const path = service ? imagePath(environment, service) : `${overlaysFolder}/${environment}`;
  const changes = await listChanges(cwd, commit, path);
  const ids = changes.flatMap(({ files }) => [...files.values()].filter((id) => !absent.test(id)));
  const texts = await readObjects(cwd, [...new Set(ids)]);
  const histories = new Map<string, ImageVersion[]>();
  for (const change of changes) {
    for (const [file, id] of change.files) {
      const owner = parseImagePath(file)?.service;
      const text = texts.get(id);
      if (!owner || text === undefined) continue;
      const image = readIfSound(text, file);
      if (!image) continue;
      const { commit: hash, time, subject } = change;
      histories.set(owner, [...(histories.get(owner) ?? []), { commit: hash, time, subject, image, text }]);
    }
  }
  return histories;
}

function readIfSound(text: string, path: string): Image | undefined {
  try {
    return readImage(text, path);
  } catch {
    return undefined;
  }
}

/** The commit with which the newest version began to say what it says; later edits of comments do not count. */
export function introduction(history: readonly ImageVersion[]): ImageVersion | undefined {
  const [newest] = history;
  if (!newest) return undefined;
  const end = history.findIndex(({ image }) => !sameImage(image, newest.image));
  return history[end === -1 ? history.length - 1 : end - 1];
}

/** The versions between what the target runs and what the source runs now, newest first. */
export function versionsSince(history: readonly ImageVersion[], image: Image): readonly ImageVersion[] {
  const known = history.findIndex((version) => sameImage(version.image, image));
  return known === -1 ? history : history.slice(0, known);
}
