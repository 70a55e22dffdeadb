import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EngineEvent, PolicyEvent, PulumiFn } from "@pulumi/pulumi/automation";
import type { Environment } from "../../config/environment";
import { type SandboxCluster, clusterClient, sandboxClusters } from "../../sandbox/clusters";
import { startControlPlanes } from "../../sandbox/control-plane/start";
import { sandboxLayout } from "../../sandbox/layout";
import { stopAllProcesses } from "../../sandbox/processes/supervisor";
import type { Sandbox } from "../../sandbox/settings";
import { prepareSources, type Sources } from "../../sandbox/stack/sources";
import { openStack } from "../../sandbox/stack/workspace";
import { toolPaths } from "../../sandbox/toolchain/build";
import { projectRoot } from "./sandbox-command";

export const policyPack = join(projectRoot, "policy-pack");

export interface PreviewOptions {
  readonly program?: PulumiFn;
  readonly pack?: string;
  /** What stands in the file of `--policy-pack-config`. */
  readonly config?: object;
}

/** How a preview ended, and what the pack said. */
export interface PreviewOutcome {
  readonly failed: boolean;
  readonly output: string;
  readonly events: readonly PolicyEvent[];
}

/** The real engine before the real API servers of a stack's clusters, in which nothing is installed yet. */
export class PolicyEngine {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly sources: Sources,
    readonly clusters: readonly SandboxCluster[],
  ) {}

  /** Starts the clusters of production, of which the other stacks need the first. */
  static async start(port: number): Promise<PolicyEngine> {
    const directory = join(mkdtempSync(join(tmpdir(), "policy-engine-")), "s");
    const layout = sandboxLayout(directory, port);
    const settings = { stack: "production", context: "", port, workTree: projectRoot } as const;
    const sandbox = { layout, settings };
    const clusters = sandboxClusters(sandbox);
    const tools = toolPaths(process.env);
    await startControlPlanes(layout, clusters, tools, () => undefined);
    return new PolicyEngine(sandbox, await prepareSources(layout, tools, true), clusters);
  }

  async stop(): Promise<void> {
    await stopAllProcesses(this.sandbox.layout);
    rmSync(dirname(this.sandbox.layout.directory), { recursive: true, force: true });
  }

  /** The names of all namespaces of all clusters: a write begins with one. */
  async namespaces(): Promise<string[]> {
    const { CoreV1Api } = await import("@kubernetes/client-node");
    const lists = this.clusters.map(async (cluster) => {
      const { items } = await clusterClient(cluster).makeApiClient(CoreV1Api).listNamespace();
      return items.map(({ metadata }) => metadata?.name ?? "");
    });
    return (await Promise.all(lists)).flat();
  }

  async preview(environment: Environment, options: PreviewOptions = {}): Promise<PreviewOutcome> {
    const { layout, settings } = this.sandbox;
    const sandbox = { layout, settings: { ...settings, stack: environment } };
    const stack = await openStack(sandbox, toolPaths(process.env), this.sources);
    const configFile = join(layout.temporary, "policy-pack-config.json");
    writeFileSync(configFile, JSON.stringify(options.config ?? {}));
    const events: PolicyEvent[] = [];
    let output = "";
    const onEvent = ({ policyEvent }: EngineEvent): void => {
      if (policyEvent) events.push(policyEvent);
    };
    const failed = await stack
      .preview({
        ...(options.program && { program: options.program }),
        policyPacks: [options.pack ?? policyPack],
        policyPackConfigs: [configFile],
        onEvent,
        onOutput: (text) => (output += text),
      })
      .then(
        () => false,
        (error: Error) => {
          output += error.message;
          return true;
        },
      );
    return { failed, output, events };
  }
}
