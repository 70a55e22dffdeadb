import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import type { ClusterLayout, SandboxLayout } from "../layout";
import { type ClientName, credentialFiles } from "./credentials";

/** Name of cluster, user and context in the kubeconfigs of the sandbox. */
export const contextName = "sandbox";

function render(
  layout: SandboxLayout,
  cluster: ClusterLayout,
  user: Record<string, string>,
  namespace?: string,
): string {
  const authority = readFileSync(credentialFiles(layout).authority).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": contextName,
    clusters: [
      {
        name: contextName,
        cluster: {
          server: `https://127.0.0.1:${cluster.ports.kubernetes}`,
          "certificate-authority-data": authority,
        },
      },
    ],
    users: [{ name: contextName, user }],
    contexts: [
      {
        name: contextName,
        context: { cluster: contextName, user: contextName, ...(namespace ? { namespace } : {}) },
      },
    ],
  });
}

/** A kubeconfig that holds everything itself and shows the API server a client certificate. */
export function clientKubeconfig(layout: SandboxLayout, cluster: ClusterLayout, client: ClientName): string {
  const files = credentialFiles(layout).client(client);
  return render(layout, cluster, {
    "client-certificate-data": readFileSync(files.certificate).toString("base64"),
    "client-key-data": readFileSync(files.privateKey).toString("base64"),
  });
}

/** A kubeconfig that shows the API server the token of a ServiceAccount. */
export function tokenKubeconfig(
  layout: SandboxLayout,
  cluster: ClusterLayout,
  token: string,
  namespace: string,
): string {
  return render(layout, cluster, { token }, namespace);
}
