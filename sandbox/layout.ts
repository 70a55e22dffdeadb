import { join } from "node:path";

/** The ports of each cluster of a sandbox. */
const clusterPortNames = [
  "kubernetes",
  "controllerManager",
  "scheduler",
  "kwok",
  "rolloutsMetrics",
  "rolloutsHealth",
  "sealedSecrets",
  "sealedSecretsMetrics",
] as const;

/** The ports of what a sandbox has once, however many clusters it has. */
const portNames = [
  "argocd",
  "git",
  "etcd",
  "etcdPeer",
  "redis",
  "repoServer",
  "repoServerMetrics",
  "applicationControllerMetrics",
  "applicationSetWebhook",
  "applicationSetMetrics",
  "applicationSetProbe",
  "argocdMetrics",
  "vault",
] as const;

export type PortName = (typeof portNames)[number];
export type ClusterPortName = (typeof clusterPortNames)[number];

/** How many spokes a sandbox has room for. */
export const spokeLimit = 4;

const sharedFrom = clusterPortNames.length;
const spokesFrom = sharedFrom + 16;

/** How many ports, from the base port on, belong to one sandbox. */
export const portCount = spokesFrom + spokeLimit * clusterPortNames.length;

function numbered<Name extends string>(names: readonly Name[], first: number): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, first + index])) as Record<Name, number>;
}

/** Where the control plane of one cluster keeps its files and which ports it uses. */
export interface ClusterLayout {
  /** What the names of its processes end with; empty for the hub. */
  readonly suffix: string;
  readonly ports: Readonly<Record<ClusterPortName, number>>;
  /** The kubeconfig with all rights, for people and for the program. */
  readonly kubeconfig: string;
  /** Kubeconfigs of the control plane's own parts. */
  readonly kubeconfigs: string;
  /** Signs the tokens of its ServiceAccounts, which no other cluster takes. */
  readonly serviceAccountKey: string;
  readonly kwok: string;
  /** Kubeconfigs of the controllers that run in it. */
  readonly controllers: string;
}

function clusterLayout(
  directory: string,
  suffix: string,
  ports: Record<ClusterPortName, number>,
): ClusterLayout {
  const path = (name: string) => join(directory, name);
  return {
    suffix,
    ports,
    kubeconfig: path("kubeconfig"),
    kubeconfigs: path("kubeconfigs"),
    serviceAccountKey: path("service-account.key"),
    kwok: path("kwok"),
    controllers: path("controllers"),
  };
}

/** Where one sandbox keeps its files and which ports it uses; a pure function of its two settings. */
export function sandboxLayout(directory: string, basePort: number) {
  const path = (...parts: string[]) => join(directory, ...parts);
  return {
    directory,
    ports: numbered(portNames, basePort + sharedFrom),
    hub: clusterLayout(directory, "", numbered(clusterPortNames, basePort)),
    /** @param index place of the spoke in the stack file, from 0. */
    spoke: (name: string, index: number) =>
      clusterLayout(
        path("spokes", name),
        `-${name}`,
        numbered(clusterPortNames, basePort + spokesFrom + index * clusterPortNames.length),
      ),
    lock: path("lock"),
    /** What the sandbox was made with, so that later commands need no variables. */
    settings: path("settings.json"),
    credentials: path("credentials"),
    processes: path("processes"),
    logs: path("logs"),
    etcd: path("etcd"),
    repository: path("repository.git"),
    argocd: path("argocd"),
    /** With it, everything may be done in the sandbox's Vault. */
    vaultToken: path("vault-token"),
    temporary: path("tmp"),
    stack: path("stack"),
    pulumiHome: path("pulumi-home"),
    backend: path("state"),
    /** There while an update is under way or after one that did not end well. */
    updating: path("updating"),
    engine: path("engine"),
    plugins: path("plugins"),
    charts: path("charts"),
    sources: path("sources.json"),
  };
}

export type SandboxLayout = ReturnType<typeof sandboxLayout>;
