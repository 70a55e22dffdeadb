import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen, type Listening } from "./listen";
import { environmentSettings, readVaultSettings, type VaultSettingsFile } from "./settings";
import { tokenReviewer } from "./token-review";
import { Tokens } from "./tokens";
import { type ApiServer, testAuthority } from "../api-server";

export interface VaultServer extends Listening {
  readonly address: string;
  readonly caCertificate: string;
  readonly stop: () => Promise<void>;
}

/**
 * A Vault for the unit tests, which need no Go; the end-to-end run asks the real one. The tokens of its mount
 * `kubernetes/dev` are reviewed by the given API server.
 */
export async function startVault(
  api: ApiServer,
  change: (settings: VaultSettingsFile) => VaultSettingsFile = (settings) => settings,
): Promise<VaultServer> {
  const folder = mkdtempSync(join(tmpdir(), "gitops-platform-"));
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const { certificate: caCertificate, sign } = await testAuthority();
  const pair = await sign({ commonName: "vault", server: true });
  const file = change({
    port: 0,
    certificate: write("tls.crt", pair.certificate),
    privateKey: write("tls.key", pair.privateKey),
    ...environmentSettings("dev", [{ name: "dev", kubeconfig: write("kubeconfig", api.kubeconfig()) }]),
  });
  const settings = readVaultSettings(write("settings.json", JSON.stringify(file)));
  const listening = await listen({
    settings,
    tokens: new Tokens(Date.now),
    reviewer: tokenReviewer,
    now: () => new Date(),
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      listening.server.closeAllConnections();
      listening.server.close(() => resolve());
    });
  return { ...listening, address: `https://127.0.0.1:${listening.port}`, caCertificate, stop };
}
