import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { clusterClient } from "../clusters";
import type { ClusterLayout, SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";
import { type ProcessSpec, ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { ensureCredentials, ensureServiceAccountKey } from "./credentials";
import { clientKubeconfig } from "./kubeconfig";
import { ensureNodes } from "./nodes";
import { controlPlaneProcesses, etcd } from "./processes";

type Report = (progress: string) => void;

async function start(layout: SandboxLayout, spec: ProcessSpec, report: Report): Promise<void> {
  report(spec.name);
  await ensureProcess(layout, spec);
  await waitUntilReady(layout, spec);
}

async function startCluster(
  layout: SandboxLayout,
  cluster: ClusterLayout,
  tools: ToolPaths,
  report: Report,
): Promise<void> {
  ensureServiceAccountKey(cluster);
  for (const client of ["kube-controller-manager", "kube-scheduler", "kwok"] as const) {
    writePrivateFile(join(cluster.kubeconfigs, client), clientKubeconfig(layout, cluster, client));
  }
  writePrivateFile(cluster.kubeconfig, clientKubeconfig(layout, cluster, "admin"));
  mkdirSync(cluster.kwok, { recursive: true, mode: 0o700 });
  for (const spec of controlPlaneProcesses(layout, cluster, tools)) await start(layout, spec, report);
  await ensureNodes(clusterClient(cluster));
}

/** Brings up etcd and, for every cluster, the Kubernetes API with its controllers and Nodes. What runs is left alone. */
export async function startControlPlanes(
  layout: SandboxLayout,
  clusters: readonly ClusterLayout[],
  tools: ToolPaths,
  report: Report,
): Promise<void> {
  await ensureCredentials(layout);
  for (const directory of [layout.etcd, layout.temporary]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  await start(layout, etcd(layout, tools), report);
  await Promise.all(clusters.map((cluster) => startCluster(layout, cluster, tools, report)));
}
