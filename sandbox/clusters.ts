import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { SandboxError } from "./errors";
import { type ClusterLayout, spokeLimit } from "./layout";
import type { Sandbox } from "./settings";

/** A cluster of a sandbox, by the name that the stack gives it. */
export interface SandboxCluster extends ClusterLayout {
  readonly name: string;
}

export interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly encryptionsalt?: string;
}

/** @throws SandboxError when the file cannot be read or is not YAML. */
export function readStackFile(path: string): StackFile {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as StackFile;
  } catch (error) {
    throw new SandboxError(
      `${path} cannot be read: ${(error as Error).message}`,
      "Mend the file, then run the command again.",
      { cause: error },
    );
  }
}

/** The file of the sandbox's stack as the work tree holds it. */
export function committedStackFile({ settings }: Sandbox): StackFile {
  return readStackFile(join(settings.workTree, `Pulumi.${settings.stack}.yaml`));
}

/** What a stack file says under a key of the program's own. */
export function stackValue({ config = {} }: StackFile, key: string): unknown {
  return Object.entries(config).find(([name]) => name.endsWith(`:${key}`))?.[1];
}

/**
 * The clusters of a sandbox, the hub first. On a cluster of the user's own it is the hub alone: that stack's spokes are
 * reached as the user's own stack file says.
 *
 * @throws SandboxError when the stack has more spokes than a sandbox has room for.
 */
export function sandboxClusters(sandbox: Sandbox): [SandboxCluster, ...SandboxCluster[]] {
  const { layout, settings } = sandbox;
  const file = committedStackFile(sandbox);
  const hub = stackValue(file, "hub") as { name?: string } | undefined;
  const spokes = settings.context ? [] : ((stackValue(file, "spokes") ?? []) as { name: string }[]);
  if (spokes.length > spokeLimit) {
    throw new SandboxError(
      `Pulumi.${settings.stack}.yaml has ${spokes.length} spokes; a sandbox has room for ${spokeLimit}`,
      "Leave some of them out in a copy of the file for the sandbox.",
    );
  }
  return [
    { ...layout.hub, name: hub?.name ?? "" },
    ...spokes.map(({ name }, index) => ({ ...layout.spoke(name, index), name })),
  ];
}

/** A client of one of the sandbox's clusters with all rights. */
export function clusterClient({ kubeconfig }: ClusterLayout): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(kubeconfig);
  return kubeConfig;
}
