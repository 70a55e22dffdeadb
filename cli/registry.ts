import { z } from "zod";
import type { Image } from "./promotion/image";

/** Manifest kinds an image reference may name, so that the registry returns the digest people pin. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const timeout = 15_000;

/** The registry's answer about one reference. */
export type Manifest = { readonly digest: string } | "absent";

interface Repository {
  readonly base: string;
  readonly path: string;
}

function splitName(name: string): Repository {
  const slash = name.indexOf("/");
  const host = name.slice(0, slash);
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? "http" : "https";
  return { base: `${scheme}://${host}`, path: name.slice(slash + 1) };
}

/** https://distribution.github.io/distribution/spec/auth/token/ */
async function fetchToken(challenge: string, credentials: string | undefined): Promise<string> {
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]),
  );
  const url = new URL(fields["realm"] ?? "");
  if (url.protocol !== "https:" && url.hostname !== "127.0.0.1")
    throw new Error("the registry's token service is not https");
  for (const key of ["service", "scope"]) if (fields[key]) url.searchParams.set(key, fields[key]);
  const response = await fetch(url, {
    headers: credentials ? { authorization: `Basic ${credentials}` } : {},
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  });
  if (!response.ok) throw new Error(`the registry's token service answered HTTP ${response.status}`);
  const token = z
    .object({ token: z.string().optional(), access_token: z.string().optional() })
    .parse(await response.json());
  return token.token ?? token.access_token ?? "";
}

async function head(url: string, authorization?: string): Promise<Response> {
  return fetch(url, {
    method: "HEAD",
    headers: { accept: manifestTypes, ...(authorization ? { authorization } : {}) },
    redirect: "error",
    signal: AbortSignal.timeout(timeout),
  });
}

/**
 * Whether the registry holds a tag or digest of a repository.
 *
 * @param credentials base64 of `user:password`; omitted, anonymous.
 * @throws Error where the registry gives no clear answer.
 */
export async function findManifest(
  name: string,
  reference: string,
  credentials: string | undefined = process.env["REGISTRY_AUTH"],
): Promise<Manifest> {
  const { base, path } = splitName(name);
  const url = `${base}/v2/${path}/manifests/${reference}`;
  let response = await head(url);
  if (response.status === 401) {
    const challenge = response.headers.get("www-authenticate") ?? "";
    const authorization = /^Bearer /i.test(challenge)
      ? `Bearer ${await fetchToken(challenge, credentials)}`
      : `Basic ${credentials ?? ""}`;
    response = await head(url, authorization);
  }
  if (response.status === 404) return "absent";
  const digest = response.headers.get("docker-content-digest");
  if (!response.ok || !digest)
    throw new Error(`${new URL(base).host} answered HTTP ${response.status} for ${path}:${reference}`);
  return { digest };
}

/** The tag under which cosign stores the signature of a digest. */
export function signatureTag(image: Image & { readonly digest: string }): string {
  return `${image.digest.replace(":", "-")}.sig`;
}
