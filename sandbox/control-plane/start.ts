import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { ensureCredentials } from "./credentials";
import { clientKubeconfig } from "./kubeconfig";
import { ensureNode } from "./node";
import { controlPlaneProcesses } from "./processes";

/** A client of the sandbox's own API server with all rights. */
export function adminClient(layout: SandboxLayout): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(layout.kubeconfig);
  return kubeConfig;
}

/** Brings up etcd, the Kubernetes API with its controllers, and one Node. What already runs is left alone. */
export async function startControlPlane(
  layout: SandboxLayout,
  tools: ToolPaths,
  report: (progress: string) => void,
): Promise<void> {
  await ensureCredentials(layout);
  for (const client of ["kube-controller-manager", "kube-scheduler", "kwok"] as const) {
    writePrivateFile(join(layout.credentials, `${client}.kubeconfig`), clientKubeconfig(layout, client));
  }
  writePrivateFile(layout.kubeconfig, clientKubeconfig(layout, "admin"));
  for (const directory of [layout.etcd, layout.kwok, layout.temporary]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  for (const spec of controlPlaneProcesses(layout, tools)) {
    report(spec.name);
    await ensureProcess(layout, spec);
    await waitUntilReady(layout, spec);
  }
  await ensureNode(adminClient(layout));
}
