import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from "node:crypto";

const tagLength = 16;

/** The name and namespace for which a SealedSecret was sealed; part of what is encrypted. */
export interface SealedFor {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** https://github.com/bitnami/sealed-secrets#scopes */
export function sealingLabel({ name, namespace, annotations }: SealedFor): string {
  if (annotations["sealedsecrets.bitnami.com/cluster-wide"] === "true") return "";
  if (annotations["sealedsecrets.bitnami.com/namespace-wide"] === "true") return namespace;
  return `${namespace}/${name}`;
}

/**
 * Whether a key opens a value of a SealedSecret: an AES-256-GCM text whose one-time key is encrypted by RSA-OAEP, as
 * https://github.com/bitnami/sealed-secrets/blob/main/docs/developer/crypto.md describes it. The value is dropped.
 */
export function opens(key: KeyObject, sealed: string, label: string): boolean {
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < 2) return false;
  const end = 2 + bytes.readUInt16BE(0);
  if (bytes.length < end + tagLength) return false;
  try {
    const sessionKey = privateDecrypt(
      {
        key,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: "sha256",
        oaepLabel: Buffer.from(label, "utf8"),
      },
      bytes.subarray(2, end),
    );
    // Every session key is used once, which is what allows a nonce of zeros.
    const decipher = createDecipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
    decipher.setAuthTag(bytes.subarray(-tagLength));
    decipher.update(bytes.subarray(end, -tagLength));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}

/** @throws Error without a word of the key where it is none. */
export function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error("is not a private key");
  }
}
