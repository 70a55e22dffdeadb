import { elements, text } from "./fields";
import type { KubernetesObject } from "./rule";
import { containers, podPath, podTemplates } from "./workloads";

/** An image reference in its parts. */
export interface ImageReference {
  /** Registry and repository, with the registry that a short name stands for. */
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

/** https://github.com/distribution/reference: a first part without dot, colon or `localhost` is no registry. */
export function parseImage(reference: string): ImageReference {
  const [named, digest] = reference.split("@");
  const slash = named!.lastIndexOf("/");
  const colon = named!.indexOf(":", slash + 1);
  const name = colon < 0 ? named! : named!.slice(0, colon);
  const tag = colon < 0 ? undefined : named!.slice(colon + 1);
  const [first, ...rest] = name.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first!) || first === "localhost");
  const short = rest.length === 0 ? `library/${name}` : name;
  return { repository: hasRegistry ? name : `docker.io/${short}`, tag, digest };
}

const digestForms: Readonly<Record<string, RegExp>> = {
  sha256: /^[0-9a-f]{64}$/,
  sha512: /^[0-9a-f]{128}$/,
  blake3: /^[0-9a-f]{64}$/,
};

/** Whether a digest can be one: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
export function isDigest(digest: string): boolean {
  const [algorithm = "", encoded = ""] = digest.split(":");
  return (digestForms[algorithm] ?? /^[A-Za-z0-9=_-]{32,}$/).test(encoded);
}

/** Every image that an object's pods use, with the path of the reference. */
export function* images(object: KubernetesObject): Iterable<{ path: string; reference: string }> {
  for (const pod of podTemplates(object)) {
    for (const container of containers(pod)) {
      if (container.fields.image !== undefined) {
        yield { path: `${container.path}.image`, reference: text(container.fields.image) };
      }
    }
    for (const volume of elements(pod.spec.volumes, podPath(pod, "spec.volumes"))) {
      const image = volume.fields.image as { reference?: unknown } | undefined;
      if (image?.reference !== undefined) {
        yield { path: `${volume.path}.image.reference`, reference: text(image.reference) };
      }
    }
  }
}
