import { readFileSync } from "node:fs";
import type { SandboxLayout } from "../layout";
import { credentialFiles } from "../control-plane/credentials";

/** The user that the served repository knows. */
export const gitUser = "argocd";

/** What the git server is started with; it holds paths of secrets, never a secret. */
export interface GitServerSettings {
  readonly port: number;
  readonly certificate: string;
  readonly privateKey: string;
  readonly passwordFile: string;
  readonly repository: string;
  readonly workTree: string;
  readonly webhookSecretFile: string;
  readonly webhooks: readonly string[];
}

/** The address of the served repository, in the spelling that the stack's configuration gives it. */
export function repositoryUrl(port: number): string {
  return `https://127.0.0.1:${port}/platform`;
}

export function gitServerSettings(layout: SandboxLayout, workTree: string): GitServerSettings {
  const files = credentialFiles(layout);
  return {
    port: layout.ports.git,
    certificate: files.server.certificate,
    privateKey: files.server.privateKey,
    passwordFile: files.gitPassword,
    repository: layout.repository,
    workTree,
    webhookSecretFile: files.webhookSecret,
    webhooks: [
      `https://127.0.0.1:${layout.ports.argocd}/api/webhook`,
      `http://127.0.0.1:${layout.ports.applicationSetWebhook}/api/webhook`,
    ],
  };
}

export function readGitServerSettings(path: string): GitServerSettings {
  return JSON.parse(readFileSync(path, "utf8")) as GitServerSettings;
}
