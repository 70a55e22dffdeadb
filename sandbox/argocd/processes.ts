import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parse } from "yaml";
import { type SandboxCluster, clusterClient } from "../clusters";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";
import { type ProcessSpec, ensureProcess, waitUntilReady } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { type ArgoCdComponent, argocdComponents, localEnvironment } from "./components";
import {
  type ContainerVariable,
  type NamespaceData,
  NotThereYet,
  containerEnvironment,
} from "../controllers/pod-environment";
import { projectVolumes } from "./project-volumes";
import { serviceAccountKubeconfig } from "../controllers/service-account";
import {
  argocdNamespace,
  assertKindsServed,
  readNamespaceData,
  readWorkloads,
  type ArgoCdWorkload,
} from "./workloads";

/** The variables of a component as Argo CD itself publishes them; a chart may state only those it changes. */
function publishedVariables(tools: ToolPaths, component: ArgoCdComponent): ContainerVariable[] {
  const manifest = readFileSync(join(dirname(tools.argocd), "manifests", "base", component.manifest), "utf8");
  const workload = parse(manifest) as {
    spec: { template: { spec: { containers: { env?: ContainerVariable[] }[] } } };
  };
  return workload.spec.template.spec.containers[0]?.env ?? [];
}

function redis(layout: SandboxLayout, tools: ToolPaths, data: NamespaceData): ProcessSpec {
  const reference = { name: "argocd-redis", key: "auth" };
  return {
    name: "redis",
    command: tools.redis,
    args: [`--port=${layout.ports.redis}`],
    env: containerEnvironment([{ name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: reference } }], data),
    ports: [layout.ports.redis],
    ready: () => listens(layout.ports.redis),
  };
}

function componentProcess(
  layout: SandboxLayout,
  tools: ToolPaths,
  component: ArgoCdComponent,
  workload: ArgoCdWorkload,
  data: NamespaceData,
  kubeconfig: string | undefined,
): ProcessSpec {
  const toolFolders = [tools.argocd, tools.helm, tools.kustomize].map((tool) => dirname(tool));
  return {
    name: component.name,
    command: tools.argocd,
    args: [...workload.args, ...component.flags],
    env: {
      ...containerEnvironment(publishedVariables(tools, component), data),
      ...containerEnvironment(workload.env, data),
      ...localEnvironment(layout),
      ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}),
      PATH: [...toolFolders, process.env["PATH"]].join(delimiter),
      ARGOCD_BINARY_NAME: component.binaryName,
    },
    ports: component.ports,
    ready: component.ready,
  };
}

/** What every process of Argo CD is to be started with now; throws NotThereYet while the cluster lacks something. */
async function argocdProcesses(
  layout: SandboxLayout,
  tools: ToolPaths,
  hub: SandboxCluster,
): Promise<ProcessSpec[]> {
  const kubeConfig = clusterClient(hub);
  await assertKindsServed(kubeConfig);
  const [workloads, data] = await Promise.all([readWorkloads(kubeConfig), readNamespaceData(kubeConfig)]);
  projectVolumes(layout, data);
  const specs = [redis(layout, tools, data)];
  for (const component of argocdComponents(layout)) {
    const workload = workloads.get(component.name);
    if (!workload) throw new NotThereYet(`the workload of ${component.name}`);
    const kubeconfig = component.callsKubernetes
      ? await serviceAccountKubeconfig(layout, hub, {
          namespace: argocdNamespace,
          name: workload.serviceAccountName,
        })
      : undefined;
    specs.push(componentProcess(layout, tools, component, workload, data, kubeconfig));
  }
  return specs;
}

/**
 * Runs the processes of Argo CD with the settings that stand in the cluster; what runs with them already is left alone.
 * Returns what is still missing in the cluster, or nothing when all processes answer.
 */
export async function startArgoCd(
  layout: SandboxLayout,
  tools: ToolPaths,
  hub: SandboxCluster,
): Promise<string | undefined> {
  mkdirSync(join(layout.argocd, "home"), { recursive: true, mode: 0o700 });
  try {
    for (const spec of await argocdProcesses(layout, tools, hub)) {
      await ensureProcess(layout, spec);
      await waitUntilReady(layout, spec);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NotThereYet) return error.message;
    throw error;
  }
}
