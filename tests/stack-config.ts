import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";

export const kubeconfig = `apiVersion: v1
kind: Config
current-context: admin
contexts: [{ name: admin, context: { cluster: one, user: admin } }]
clusters: [{ name: one, cluster: { server: "https://one.example.com" } }]
users: [{ name: admin, user: { token: canary-kubeconfig-token } }]
`;

/** A kubeconfig of another cluster than `kubeconfig` names. */
export function kubeconfigOf(cluster: string): string {
  return kubeconfig.replace("one.example.com", `${cluster}.example.com`);
}

const root = path.join(__dirname, "..");
let pair: { readonly certificate: string; readonly privateKey: string } | undefined;

/** A self-signed certificate with its RSA key, valid for a day. */
export function testKeyPair() {
  if (pair === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), "gitops-platform-"));
    const [certificate, key] = [path.join(folder, "tls.crt"), path.join(folder, "tls.key")];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test"];
    execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    pair = { certificate: readFileSync(certificate, "utf8"), privateKey: readFileSync(key, "utf8") };
  }
  return pair;
}

/** A self-signed certificate, valid for a day. */
export function testCertificate(): string {
  return testKeyPair().certificate;
}

/** Writes a kubeconfig where a stack's `connection.kubeconfig` can name it. */
export function kubeconfigFile(text = kubeconfig): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "gitops-platform-")), "kubeconfig");
  writeFileSync(file, text);
  return file;
}

type Tree = Record<string, unknown>;

/** The committed stack file's own keys, without Pulumi's and without encrypted values. */
export function committedConfig(environment: string): Tree {
  const file = parse(readFileSync(path.join(root, `Pulumi.${environment}.yaml`), "utf8")) as { config: Tree };
  return Object.fromEntries(
    Object.entries(file.config)
      .filter(([key]) => key.startsWith("gitops-platform:"))
      .map(([key, value]) => [key.slice("gitops-platform:".length), value]),
  );
}
