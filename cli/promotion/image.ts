/** One container image as an environment states it. */
export interface Image {
  /** Registry and repository, without tag: `ghcr.io/platform/bff`. */
  readonly name: string;
  readonly tag: string;
  /** `sha256:` and 64 hexadecimal digits; undefined where the environment pins by tag alone. */
  readonly digest?: string | undefined;
}

/** How kustomize renders the image, and how a container states it. */
export function imageReference(image: Image): string {
  return image.digest ? `${image.name}:${image.tag}@${image.digest}` : `${image.name}:${image.tag}`;
}

/** Tag and, where there is one, the beginning of the digest: short enough for a table. */
export function imageVersion(image: Image): string {
  return image.digest ? `${image.tag}@${image.digest.slice(7, 19)}` : image.tag;
}

export function sameImage(left: Image, right: Image): boolean {
  return imageReference(left) === imageReference(right);
}
