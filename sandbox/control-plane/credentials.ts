import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ClusterLayout, SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { newAuthority, newSealingKey } from "./certificates";

/** The clients of the API server, each with the identity that Kubernetes gives its part. */
const clients = {
  admin: { commonName: "sandbox-admin", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  kwok: { commonName: "kwok", organization: "system:masters" },
} as const;

export type ClientName = keyof typeof clients;

/** Paths of the credential files of one sandbox. */
export function credentialFiles(layout: SandboxLayout) {
  const file = (name: string) => join(layout.credentials, name);
  return {
    authority: file("ca.crt"),
    server: { certificate: file("server.crt"), privateKey: file("server.key") },
    etcdClient: { certificate: file("etcd-client.crt"), privateKey: file("etcd-client.key") },
    client: (name: ClientName) => ({ certificate: file(`${name}.crt`), privateKey: file(`${name}.key`) }),
    sealing: { certificate: file("sealing.crt"), privateKey: file("sealing.key") },
    gitPassword: file("git-password"),
    webhookSecret: file("webhook-secret"),
    passphrase: file("pulumi-passphrase"),
  };
}

/** Makes the credentials of a sandbox once; all files appear together or none does. */
export async function ensureCredentials(layout: SandboxLayout): Promise<void> {
  if (existsSync(layout.credentials)) return;
  const staging = `${layout.credentials}.tmp`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  const files = credentialFiles({ ...layout, credentials: staging });

  const authority = await newAuthority("sandbox-authority");
  writePrivateFile(files.authority, authority.certificate);
  const server = await authority.sign({ commonName: "sandbox", server: true });
  writePrivateFile(files.server.certificate, server.certificate);
  writePrivateFile(files.server.privateKey, server.privateKey);
  const etcdClient = await authority.sign({ commonName: "kube-apiserver" });
  writePrivateFile(files.etcdClient.certificate, etcdClient.certificate);
  writePrivateFile(files.etcdClient.privateKey, etcdClient.privateKey);
  for (const [name, subject] of Object.entries(clients)) {
    const pair = await authority.sign(subject);
    writePrivateFile(files.client(name as ClientName).certificate, pair.certificate);
    writePrivateFile(files.client(name as ClientName).privateKey, pair.privateKey);
  }
  const sealing = await newSealingKey();
  writePrivateFile(files.sealing.certificate, sealing.certificate);
  writePrivateFile(files.sealing.privateKey, sealing.privateKey);
  for (const file of [files.gitPassword, files.webhookSecret, files.passphrase]) {
    writePrivateFile(file, randomBytes(32).toString("base64url"));
  }
  renameSync(staging, layout.credentials);
}

/** Makes the key that signs the tokens of a cluster's ServiceAccounts, once. */
export function ensureServiceAccountKey({ serviceAccountKey }: ClusterLayout): void {
  if (existsSync(serviceAccountKey)) return;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writePrivateFile(serviceAccountKey, privateKey.export({ type: "sec1", format: "pem" }).toString());
}
