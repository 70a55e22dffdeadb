import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from "node:crypto";

/** Seals a text as kubeseal does it. */
export function seal(text: string, label: string, key: KeyObject): string {
  const session = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", session, Buffer.alloc(12));
  const encrypted = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const oaepLabel = Buffer.from(label);
  const sealedKey = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256", oaepLabel },
    session,
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(sealedKey.length);
  return Buffer.concat([length, sealedKey, encrypted]).toString("base64");
}
