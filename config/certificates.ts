import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const paste = "paste the PEM text that begins with -----BEGIN CERTIFICATE----- (not its base64)";

/** What is wrong with a bundle of certificate authorities, or nothing. One that is still valid is enough. */
export function certificateProblem(pem: string, now: Date): string | undefined {
  const blocks = pem.match(block);
  if (!blocks) return `is not a PEM certificate; ${paste}`;
  try {
    const ends = blocks.map((text) => new Date(new X509Certificate(text).validTo));
    const last = new Date(Math.max(...ends.map((end) => end.getTime())));
    return last > now ? undefined : `expired on ${last.toISOString()}; set the current certificate authority`;
  } catch {
    return `is not a certificate; ${paste}`;
  }
}

/** When a certificate begins to be valid; nothing where it cannot be read. */
export function validFrom(pem: string): Date | undefined {
  try {
    return new Date(new X509Certificate(pem).validFrom);
  } catch {
    return undefined;
  }
}
