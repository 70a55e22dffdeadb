import { z } from "zod";

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

type Ask = (path: string, method: "HEAD" | "GET") => Promise<Response>;

/** Asks a registry, and logs in where it demands that. */
function connect(base: string, credentials: string | undefined): Ask {
  const send = (path: string, method: string, authorization?: string) =>
    fetch(`${base}/v2/${path}`, {
      method,
      headers: { accept: manifestTypes, ...(authorization ? { authorization } : {}) },
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
  return async (path, method) => {
    const response = await send(path, method);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    const challenge = response.headers.get("www-authenticate") ?? "";
    const authorization = /^Bearer /i.test(challenge)
      ? `Bearer ${await fetchToken(challenge, credentials)}`
      : `Basic ${credentials ?? ""}`;
    return send(path, method, authorization);
  };
}

function noAnswer(base: string, path: string, status: number): Error {
  return new Error(`${new URL(base).host} answered HTTP ${status} for ${path}`);
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
  const response = await connect(base, credentials)(`${path}/manifests/${reference}`, "HEAD");
  if (response.status === 404) return "absent";
  const digest = response.headers.get("docker-content-digest");
  if (!response.ok || !digest) throw noAnswer(base, `${path}:${reference}`, response.status);
  return { digest };
}

const indexSchema = z.object({
  manifests: z.array(z.object({ artifactType: z.string().optional() })),
});

/** https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md */
const bundleType = /^application\/vnd\.dev\.sigstore\.bundle/;

/**
 * Whether the registry holds a signature of a digest by cosign: a bundle that refers to it, as cosign 3 writes it, or
 * the tag of earlier versions. A registry without the API for references keeps them under a tag of their own.
 *
 * @throws Error where the registry gives no clear answer.
 */
export async function hasSignature(
  name: string,
  digest: string,
  credentials: string | undefined = process.env["REGISTRY_AUTH"],
): Promise<boolean> {
  const { base, path } = splitName(name);
  const tag = digest.replace(":", "-");
  if ((await findManifest(name, `${tag}.sig`, credentials)) !== "absent") return true;
  const ask = connect(base, credentials);
  for (const place of [`referrers/${digest}`, `manifests/${tag}`]) {
    const response = await ask(`${path}/${place}`, "GET");
    if (response.status === 404) continue;
    if (!response.ok) throw noAnswer(base, `${path}/${place}`, response.status);
    const { manifests } = indexSchema.parse(await response.json());
    if (manifests.some(({ artifactType }) => bundleType.test(artifactType ?? ""))) return true;
  }
  return false;
}
