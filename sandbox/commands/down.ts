import { rmSync } from "node:fs";
import { VersionApi } from "@kubernetes/client-node";
import { preservesWorkloads } from "../../config/derive";
import { type SandboxCluster, clusterClient, sandboxClusters } from "../clusters";
import { startControllers } from "../controllers/start";
import { SandboxError } from "../errors";
import { stopAllProcesses, stopUnrecordedProcesses } from "../processes/supervisor";
import { type Sandbox, findSandbox } from "../settings";
import { destroyStack } from "../stack/deploy";
import { removeApplications } from "../stack/orphans";
import { recoverStack, unprotectStack } from "../stack/recover";
import { readSources } from "../stack/sources";
import { openStack, projectName } from "../stack/workspace";
import { toolPaths } from "../toolchain/build";
import { readVariables } from "../variables";
import { exclusively } from "./exclusive";
import { runSteps } from "./run-steps";

async function answers(cluster: SandboxCluster): Promise<boolean> {
  try {
    await clusterClient(cluster).makeApiClient(VersionApi).getCode();
    return true;
  } catch {
    return false;
  }
}

/** The clusters by whether they can be asked to delete anything; the hub, which has answered, stands first. */
async function clustersByLife(sandbox: Sandbox) {
  const [hub, ...spokes] = sandboxClusters(sandbox);
  const alive = await Promise.all(spokes.map(answers));
  return {
    living: [hub, ...spokes.filter((_, index) => alive[index])] satisfies [
      SandboxCluster,
      ...SandboxCluster[],
    ],
    dead: spokes.filter((_, index) => !alive[index]).map(({ name }) => name),
  };
}

const destroyMilliseconds = 600_000;

// The provider then drops the objects of a cluster that it cannot reach; see docs/runbooks/dead-spoke.md.
const forgetUnreachable = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };

/** Destroys the stack. Returns what is to be said about it, if anything. */
async function destroy(sandbox: Sandbox, report: (line: string) => void): Promise<string | void> {
  const sources = readSources(sandbox.layout);
  if (!sources) return;
  const { living, dead } = await clustersByLife(sandbox);
  const tools = toolPaths(process.env);
  await stopUnrecordedProcesses(sandbox.layout);
  const stack = await openStack(sandbox, tools, sources, dead.length > 0 ? forgetUnreachable : {});
  await recoverStack(stack, projectName(sandbox), sandbox, report);
  if (sandbox.settings.context) return void (await destroyStack(stack, report));
  await unprotectStack(stack);
  // Applications go only when their controller lets them.
  await startControllers(sandbox, tools, living);
  const limit = AbortSignal.timeout(destroyMilliseconds);
  const environment = sandbox.settings.stack;
  if (preservesWorkloads(environment, [])) {
    await removeApplications(stack, environment, clusterClient(living[0]), limit);
  }
  await destroyStack(stack, report, limit);
  return dead.length > 0 ? `${dead.join(", ")} did not answer and was forgotten` : undefined;
}

/** Removes what the program installed, ends every process and deletes every file of the sandbox. */
export async function down(environment: NodeJS.ProcessEnv): Promise<void> {
  const variables = readVariables(environment);
  const sandbox = findSandbox(variables);
  if (!sandbox) {
    console.log(`There is no sandbox in ${variables.SANDBOX_DIR}; nothing to take down.`);
    return;
  }
  const { layout, settings } = sandbox;
  let failure: unknown;
  await exclusively(layout, async () => {
    await runSteps({}, [
      {
        title: `Pulumi: destroy stack ${settings.stack}`,
        run: async (_context, report) => {
          const alive = await answers(sandboxClusters(sandbox)[0]);
          if (settings.context && !alive) {
            throw new SandboxError(
              `The cluster of context "${settings.context}" does not answer, so nothing can be removed from it`,
              "Make it reachable and run `make down` again; the state is kept until then.",
            );
          }
          // Without its processes, the sandbox's own cluster is nothing but the files deleted below.
          if (!alive) return "the cluster does not run";
          try {
            return await destroy(sandbox, report);
          } catch (error) {
            if (settings.context) throw error;
            failure = error;
            return "failed; the cluster is deleted as a whole";
          }
        },
      },
      { title: "Processes: end them", run: () => stopAllProcesses(layout) },
      {
        title: `Files: delete ${layout.directory}`,
        run: async () => rmSync(layout.directory, { recursive: true, force: true }),
      },
    ]);
  });
  if (failure) throw failure;
}
