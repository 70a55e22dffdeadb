import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { credentialFiles } from "../control-plane/credentials";
import { branch } from "../git/repository";
import type { SandboxLayout } from "../layout";
import type { VaultValues } from "./configure";

interface ExternalSecret {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly data?: readonly { readonly remoteRef: { readonly property?: string } }[] };
}

/** The properties that the services read, by service, as git states them. */
export function requestedProperties(manifests: readonly string[]): Record<string, string[]> {
  const requested: Record<string, string[]> = {};
  for (const manifest of manifests) {
    for (const document of parseAllDocuments(manifest)) {
      const { kind, metadata, spec } = (document.toJS() ?? {}) as ExternalSecret;
      if (kind !== "ExternalSecret" || !metadata?.name) continue;
      const properties = (spec?.data ?? []).flatMap(({ remoteRef }) => remoteRef.property ?? []);
      requested[metadata.name] = [...(requested[metadata.name] ?? []), ...properties];
    }
  }
  return requested;
}

async function externalSecretManifests(repository: string): Promise<string[]> {
  const git = async (...args: string[]) => (await execa("git", args, { cwd: repository })).stdout;
  const files = (await git("ls-tree", "-r", "--name-only", branch, "infrastructure/k8s/base")).split("\n");
  const manifests = files.filter((file) => file.endsWith("external-secret.yaml"));
  return Promise.all(manifests.map((file) => git("show", `${branch}:${file}`)));
}

/** A value for every secret that a service in git reads; derived, so that a second `up` changes none. */
export async function secretValues(layout: SandboxLayout, environment: string): Promise<VaultValues> {
  const requested = requestedProperties(await externalSecretManifests(layout.repository));
  const seed = readFileSync(credentialFiles(layout).passphrase, "utf8");
  const value = (key: string, property: string) =>
    createHmac("sha256", seed).update(`${key}#${property}`).digest("hex");
  return Object.fromEntries(
    Object.entries(requested).map(([service, properties]) => {
      const key = `platform/${environment}/${service}`;
      return [key, Object.fromEntries(properties.map((property) => [property, value(key, property)]))];
    }),
  );
}
