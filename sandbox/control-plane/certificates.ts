import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const lifetimeMilliseconds = 365 * 24 * 60 * 60 * 1000;

x509.cryptoProvider.set(webcrypto as never);

/** A certificate with its key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Authority {
  readonly certificate: string;
  /** Signs a certificate for a server on the loopback interface, or for a client when `organization` is given. */
  sign(subject: { commonName: string; organization?: string; server?: boolean }): Promise<KeyPair>;
}

function validity() {
  const notBefore = new Date(Date.now() - 60_000);
  return { notBefore, notAfter: new Date(notBefore.getTime() + lifetimeMilliseconds) };
}

function serialNumber(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString("hex")
    .replace(/^/, "01");
}

const sealingAlgorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 4096,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** A key pair as the Sealed Secrets controller makes it for itself: RSA, with a certificate that it has signed itself. */
export async function newSealingKey(): Promise<KeyPair> {
  const keys = (await webcrypto.subtle.generateKey(sealingAlgorithm, true, [
    "sign",
    "verify",
  ])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: "CN=sealed-secrets",
    ...validity(),
    signingAlgorithm: sealingAlgorithm,
    keys,
  });
  return { certificate: certificate.toString("pem"), privateKey: await privateKeyPem(keys) };
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, [
    "sign",
    "verify",
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

/** Makes a certificate authority whose key never leaves this process, so that nothing can be signed later. */
export async function newAuthority(commonName: string): Promise<Authority> {
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    ...validity(),
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  return {
    certificate: authority.toString("pem"),
    async sign({ commonName: name, organization, server }) {
      const keys = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: [...(organization ? [{ O: [organization] }] : []), { CN: [name] }],
        issuer: authority.subject,
        ...validity(),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: authorityKeys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          // etcd shows its server certificate to itself, as a client.
          new x509.ExtendedKeyUsageExtension([
            ...(server ? [x509.ExtendedKeyUsage.serverAuth] : []),
            x509.ExtendedKeyUsage.clientAuth,
          ]),
          await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
          ...(server
            ? [
                new x509.SubjectAlternativeNameExtension([
                  { type: "ip", value: "127.0.0.1" },
                  // The address of the Service `kubernetes`, which the API server's clients in the cluster use.
                  { type: "ip", value: "10.0.0.1" },
                  { type: "dns", value: "localhost" },
                  { type: "dns", value: "kubernetes.default.svc" },
                ]),
              ]
            : []),
        ],
      });
      return { certificate: certificate.toString("pem"), privateKey: await privateKeyPem(keys) };
    },
  };
}
