import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { localEnvironment } from "./components";
import type { NamespaceData } from "../controllers/pod-environment";

/** The ConfigMaps that Argo CD reads as files, with the variable that says where. */
const volumes = {
  "argocd-tls-certs-cm": "ARGOCD_TLS_DATA_PATH",
  "argocd-ssh-known-hosts-cm": "ARGOCD_SSH_DATA_PATH",
  "argocd-gpg-keys-cm": "ARGOCD_GPG_DATA_PATH",
} as const;

/** Writes these ConfigMaps to files, one per key, as a kubelet does for a volume; keys that are gone lose their file. */
export function projectVolumes(layout: SandboxLayout, data: NamespaceData): void {
  const environment = localEnvironment(layout);
  for (const [configMap, variable] of Object.entries(volumes)) {
    const directory = environment[variable] ?? "";
    const content = data.configMaps[configMap] ?? {};
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const [key, value] of Object.entries(content)) writePrivateFile(join(directory, key), value);
    for (const file of readdirSync(directory))
      if (!(file in content)) rmSync(join(directory, file), { force: true });
  }
}
