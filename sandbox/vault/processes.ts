import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answersOk } from "../control-plane/https";
import type { ClusterLayout, SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";

function nodeArguments(script: string, ...args: string[]): string[] {
  const tsx = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
  return ["--import", tsx, join(__dirname, script), ...args];
}

/**
 * The stand-in for Vault.
 *
 * @param settingsFile a file as `VaultSettingsFile` describes it, with the same port.
 */
export function vault(layout: SandboxLayout, port: number, settingsFile: string): ProcessSpec {
  return {
    name: "vault-stand-in",
    command: process.execPath,
    args: nodeArguments("server.ts", settingsFile),
    ports: [port],
    ready: () => answersOk(layout, port, "/v1/sys/health"),
  };
}

/**
 * The stand-in for the External Secrets controller of one cluster.
 *
 * @param kubeconfig path of a kubeconfig that may do on that cluster what the controller may.
 */
export function externalSecrets({ suffix }: ClusterLayout, kubeconfig: string): ProcessSpec {
  return {
    name: `external-secrets-stand-in${suffix}`,
    command: process.execPath,
    args: nodeArguments("fill-external-secrets.ts", kubeconfig),
    ports: [],
    // It answers nobody; what it has done stands in the status of each ExternalSecret.
    ready: () => Promise.resolve(true),
  };
}
