import { join } from "node:path";

/** The ports of one sandbox, counted from its base port. */
const portNames = [
  "kubernetes",
  "argocd",
  "git",
  "etcd",
  "etcdPeer",
  "controllerManager",
  "scheduler",
  "kwok",
  "redis",
  "repoServer",
  "repoServerMetrics",
  "applicationControllerMetrics",
  "applicationSetWebhook",
  "applicationSetMetrics",
  "applicationSetProbe",
  "argocdMetrics",
  "rolloutsMetrics",
  "rolloutsHealth",
  "vault",
] as const;

export type PortName = (typeof portNames)[number];

/** How many ports, from the base port on, belong to one sandbox. */
export const portCount = 20;

/** Where one sandbox keeps its files and which ports it uses; a pure function of its two settings. */
export function sandboxLayout(directory: string, basePort: number) {
  const path = (...parts: string[]) => join(directory, ...parts);
  return {
    directory,
    ports: Object.fromEntries(portNames.map((name, index) => [name, basePort + index])) as Record<
      PortName,
      number
    >,
    lock: path("lock"),
    /** What the sandbox was made with, so that later commands need no variables. */
    settings: path("settings.json"),
    credentials: path("credentials"),
    kubeconfig: path("kubeconfig"),
    processes: path("processes"),
    logs: path("logs"),
    etcd: path("etcd"),
    kwok: path("kwok"),
    repository: path("repository.git"),
    argocd: path("argocd"),
    controllers: path("controllers"),
    vault: path("vault.json"),
    vaultSecrets: path("vault-secrets.json"),
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
