import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serviceNamespace } from "../../../config/derive";
import type { Environment } from "../../../config/environment";
import type { SecretsInput } from "../../../config/schema";
import { readObjects } from "../../manifests/yaml";
import type { Check } from "../context";
import { failed, type Finding, invalid, ok, reasonOf, warning } from "../finding";
import { opens, readPrivateKey, sealingLabel } from "../unseal";

// What Argo CD delivers; examples beside it are sealed for nobody.
const delivered = ["infrastructure/argocd", "infrastructure/k8s/base", "infrastructure/k8s/overlays"];

type SealingKey = NonNullable<SecretsInput["sealingKey"]>;

/** A SealedSecret as git holds it. */
export interface SealedSecret {
  readonly file: string;
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly encryptedData: Readonly<Record<string, string>>;
}

/** Whether the stack's sealing key is a pair, and whether people can still seal with it. */
export function judgeKey({ certificate, privateKey }: SealingKey, now: Date): Finding {
  const subject = "secrets.sealingKey";
  const replace = "store certificate and key of one pair (docs/runbooks/bootstrap.md)";
  try {
    const shown = new X509Certificate(certificate);
    if (!shown.checkPrivateKey(readPrivateKey(privateKey))) {
      return invalid(subject, "holds a certificate and a key that are no pair", replace);
    }
    return new Date(shown.validTo) > now
      ? ok(subject, `seals until ${new Date(shown.validTo).toISOString()}`)
      : warning(
          subject,
          `expired on ${shown.validTo}; kubeseal refuses it`,
          "renew the certificate with the same key",
        );
  } catch {
    return invalid(subject, "cannot be read", replace);
  }
}

/**
 * Refuses what the controller could not open after a rebuild, before it is needed.
 *
 * @param keys private keys, the one that seals first.
 */
export function judgeSealed(sealed: SealedSecret, keys: readonly string[]): Finding {
  const subject = `${sealed.namespace}/${sealed.name}`;
  if (keys.length === 0) {
    return failed(
      subject,
      `in ${sealed.file} needs a key, but the stack has no sealing key, so that a rebuilt cluster cannot open it`,
      "set secrets.sealingKey to the pair of the running controller (docs/runbooks/renew-the-sealing-key.md)",
    );
  }
  const label = sealingLabel(sealed);
  const privateKeys = keys.map(readPrivateKey);
  const openedBy = Object.entries(sealed.encryptedData).map(([name, value]) => ({
    name,
    place: privateKeys.findIndex((key) => opens(key, value, label)),
  }));
  const closed = openedBy.find(({ place }) => place < 0);
  if (closed) {
    return invalid(
      subject,
      `in ${sealed.file} does not open with the stack's key under this name and namespace (${closed.name})`,
      "seal it again for this name, this namespace and this stack's certificate",
    );
  }
  return openedBy.some(({ place }) => place > 0)
    ? warning(
        subject,
        `in ${sealed.file} opens with a retired key of the stack`,
        "kubeseal --re-encrypt (docs/runbooks/renew-the-sealing-key.md)",
      )
    : ok(subject, `in ${sealed.file} opens with the stack's key`);
}

function asSealedSecret(file: string, object: unknown): SealedSecret {
  const { metadata, spec } = object as {
    metadata?: { name?: string; namespace?: string; annotations?: Record<string, string> };
    spec?: { encryptedData?: Record<string, string>; template?: { metadata?: { annotations?: object } } };
  };
  return {
    file,
    name: metadata?.name ?? "",
    namespace: metadata?.namespace ?? "",
    annotations: { ...metadata?.annotations },
    encryptedData: spec?.encryptedData ?? {},
  };
}

/** The SealedSecrets in git that are meant for an environment: by namespace, or by their folder. */
export async function findSealedSecrets(
  directory: string,
  environment: Environment,
): Promise<SealedSecret[]> {
  const files = delivered
    .filter((folder) => existsSync(join(directory, folder)))
    .flatMap((folder) =>
      readdirSync(join(directory, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => /\.(ya?ml|json)$/.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(directory, file), "utf8");
      if (!text.includes("SealedSecret")) return [];
      const { objects, problems } = readObjects(text, file);
      if (problems[0]) throw new Error(`${file} cannot be read: ${problems[0].message}`);
      return objects
        .filter(({ object }) => object.kind === "SealedSecret")
        .map(({ object }) => asSealedSecret(file, object));
    }),
  );
  const isMeant = ({ file, namespace }: SealedSecret) =>
    namespace === serviceNamespace(environment) || file.split("/").includes(environment);
  return found.flat().filter(isMeant);
}

/** Opens every SealedSecret in git with the key of the stack, without a cluster. */
export const sealedSecretsCheck: Check = {
  name: "sealed-secrets",
  run: async ({ config, environment, stack, now }) => {
    const { sealingKey, retiredSealingKeys } = config.secrets;
    const key = sealingKey ? [judgeKey(sealingKey, now())] : [];
    if (key[0]?.status === "invalid") return key;
    if (!existsSync(join(stack.directory, "infrastructure"))) {
      return [
        ...key,
        warning("infrastructure", "is not beside the stack file", "run doctor in the repository"),
      ];
    }
    try {
      const keys = [...(sealingKey ? [sealingKey] : []), ...retiredSealingKeys].map(
        ({ privateKey }) => privateKey,
      );
      const sealed = await findSealedSecrets(stack.directory, environment);
      const verdicts = sealed.map((secret) => judgeSealed(secret, keys));
      const none = ok("infrastructure", `holds no SealedSecret of ${environment}`);
      return [...key, ...(verdicts.length > 0 ? verdicts : [none])];
    } catch (error) {
      return [...key, invalid("infrastructure", reasonOf(error), "correct the file: npx platform check")];
    }
  },
};
