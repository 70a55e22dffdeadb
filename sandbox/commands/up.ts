import { existsSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { clusterClient, sandboxClusters } from "../clusters";
import { ensureCredentials } from "../control-plane/credentials";
import { installMonitoringDefinitions } from "../control-plane/definitions";
import { startControlPlanes } from "../control-plane/start";
import { userClient } from "../control-plane/user-cluster";
import { startControllers } from "../controllers/start";
import { SandboxError } from "../errors";
import { startGit } from "../git/process";
import { type FollowResult, deliversHead } from "../git/repository";
import { writePrivateFile } from "../processes/atomic-file";
import { stopUnrecordedProcesses } from "../processes/supervisor";
import { expectedApplications } from "../report/expected-applications";
import { printReport } from "../report/report";
import { waitForDelivery } from "../report/wait-for-delivery";
import { type Sandbox, openSandbox } from "../settings";
import { type Changes, hasChanges, previewStack, upStack } from "../stack/deploy";
import { recoverStack } from "../stack/recover";
import { type Sources, prepareSources } from "../stack/sources";
import { removeUnrecorded } from "../stack/unrecorded";
import { openStack, projectName } from "../stack/workspace";
import type { ToolPaths } from "../toolchain/build";
import { readVariables } from "../variables";
import { startVault } from "../vault/start";
import { exclusively } from "./exclusive";
import { prepareTools } from "./prepare";
import { type Step, runSteps } from "./run-steps";

const pollMilliseconds = 1500;

/** What the steps hand on to each other. */
interface Progress {
  sources?: Sources;
  kubeConfig?: KubeConfig;
  stack?: Stack;
  followed?: FollowResult;
  changes?: Changes;
}

function valueOf<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a step ran before the one that makes what it needs");
  return value;
}

/** Starts the controllers as soon as the engine has installed what it needs, as a cluster with real nodes would. */
async function startControllersWhile<T>(
  sandbox: Sandbox,
  tools: ToolPaths,
  operation: Promise<T>,
): Promise<T> {
  let running = true;
  const follow = async () => {
    while (running) {
      // What ends is started again, as a kubelet would: its rights may be installed after its Deployment.
      await startControllers(sandbox, tools).catch(() => undefined);
      await delay(pollMilliseconds);
    }
  };
  // Both are waited for: ending this command would cut the engine off in the middle of a write.
  const [updated, started] = await Promise.allSettled([operation.finally(() => (running = false)), follow()]);
  if (updated.status === "rejected") throw updated.reason;
  if (started.status === "rejected") throw started.reason;
  const missing = await startControllers(sandbox, tools);
  if (missing.length > 0) {
    throw new SandboxError(
      `The controllers cannot start; the cluster lacks ${missing.join(", ")}`,
      "Check what the stack installs, then run the command again.",
    );
  }
  return updated.value;
}

function ownClusterSteps(sandbox: Sandbox, tools: ToolPaths): Step<Progress>[] {
  const { layout, settings } = sandbox;
  const clusters = sandboxClusters(sandbox);
  const each = clusters.length > 1 ? `${clusters.length} times API server` : "API server";
  return [
    {
      title: `Kubernetes: etcd, ${each}, controllers, scheduler, Nodes`,
      run: async (progress, report) => {
        await stopUnrecordedProcesses(layout);
        await startControlPlanes(layout, clusters, tools, report);
        progress.kubeConfig = clusterClient(clusters[0]);
      },
    },
    {
      title: "Prometheus: the definitions of its operator, for the stack's monitors",
      run: () => installMonitoringDefinitions(sandbox, tools),
    },
    {
      title: "Git: serve the work tree's commits over https",
      run: async (progress) => {
        progress.followed = await startGit(layout, settings.workTree);
      },
    },
    {
      title: "Vault: with a value for every secret that git asks for",
      run: () => startVault(sandbox, tools),
    },
  ];
}

function userClusterSteps({ layout, settings }: Sandbox): Step<Progress>[] {
  return [
    {
      title: `Kubernetes: your cluster, context ${settings.context}`,
      run: async (progress) => {
        await stopUnrecordedProcesses(layout);
        await ensureCredentials(layout);
        progress.kubeConfig = await userClient(layout, settings.context);
      },
    },
  ];
}

function stackSteps(sandbox: Sandbox, tools: ToolPaths, standInOnly: boolean): Step<Progress>[] {
  const { layout, settings } = sandbox;
  return [
    {
      title: "Plugins and charts: the official ones where they can be had, else the stand-ins",
      run: async (progress) => {
        progress.sources = await prepareSources(layout, tools, standInOnly);
      },
    },
    {
      title: `Pulumi: preview stack ${settings.stack} under the policy pack`,
      run: async (progress, report) => {
        progress.stack = await openStack(sandbox, tools, valueOf(progress.sources));
        await recoverStack(progress.stack, projectName(sandbox), sandbox, report);
        const plan = await previewStack(progress.stack, report);
        progress.changes = plan.changes;
        if (existsSync(layout.updating)) {
          await removeUnrecorded(plan.creations, sandbox);
        }
        return hasChanges(progress.changes) ? undefined : "no changes";
      },
    },
    {
      title: settings.context ? `Pulumi: up` : "Pulumi: up; start the controllers",
      run: async (progress, report) => {
        const changes = valueOf(progress.changes);
        writePrivateFile(layout.updating, "");
        const update = hasChanges(changes)
          ? upStack(valueOf(progress.stack), report)
          : Promise.resolve(changes);
        progress.changes = settings.context
          ? await update
          : await startControllersWhile(sandbox, tools, update);
        rmSync(layout.updating);
      },
    },
    {
      title: "Argo CD: deliver what git holds",
      run: async (progress, report) => {
        const wanted = settings.context
          ? { applications: ["root"], isCurrent: () => Promise.resolve(true) }
          : {
              applications: await expectedApplications(
                layout.repository,
                settings.stack,
                sandboxClusters(sandbox).map(({ name }) => name),
              ),
              isCurrent: (revision: string) => deliversHead(layout.repository, revision),
            };
        await waitForDelivery(valueOf(progress.kubeConfig), wanted.applications, wanted.isCurrent, report);
      },
    },
  ];
}

/** Brings the sandbox up, or the platform onto the user's own cluster; running it again changes nothing. */
export async function up(environment: NodeJS.ProcessEnv): Promise<void> {
  const variables = readVariables(environment);
  const tools = await prepareTools();
  const sandbox = openSandbox(variables, environment);
  await exclusively(sandbox.layout, async () => {
    const clusterSteps = sandbox.settings.context
      ? userClusterSteps(sandbox)
      : ownClusterSteps(sandbox, tools);
    const steps = [...clusterSteps, ...stackSteps(sandbox, tools, variables.SANDBOX_SOURCES === "stand-in")];
    const { kubeConfig, stack, sources, changes, followed } = await runSteps<Progress>({}, steps);
    await printReport(sandbox, valueOf(kubeConfig), valueOf(stack), valueOf(sources), changes, followed);
  });
}
