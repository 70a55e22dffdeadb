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
  /** Ports of the processes that want to know of a push, at /api/webhook. */
  readonly webhookPorts: readonly number[];
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
    webhookPorts: [layout.ports.argocd, layout.ports.applicationSetWebhook],
  };
}
