import { join } from "node:path";
import { listens } from "../control-plane/processes";
import type { SandboxLayout } from "../layout";

/** One Argo CD process: which workload of the cluster it stands for, and how it differs on this machine. */
export interface ArgoCdComponent {
  /** Value of the label app.kubernetes.io/component, and the name of the process. */
  readonly name: string;
  /** File of Argo CD's published manifests with the variables through which its settings reach it. */
  readonly manifest: string;
  readonly binaryName: string;
  /** Flags that replace addresses inside the cluster by those on this machine. */
  readonly flags: readonly string[];
  readonly ports: readonly number[];
  /** Whether it calls the API server, and so needs its ServiceAccount's token. */
  readonly callsKubernetes: boolean;
  readonly ready: () => Promise<boolean>;
}

function flags(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** The Argo CD processes in the order of their start. */
export function argocdComponents(layout: SandboxLayout): ArgoCdComponent[] {
  const { ports } = layout;
  const local = (port: number) => `127.0.0.1:${port}`;
  const redis = local(ports.redis);
  const repoServer = local(ports.repoServer);
  return [
    {
      name: "repo-server",
      manifest: "repo-server/argocd-repo-server-deployment.yaml",
      binaryName: "argocd-repo-server",
      flags: flags({
        address: "127.0.0.1",
        port: ports.repoServer,
        "metrics-address": "127.0.0.1",
        "metrics-port": ports.repoServerMetrics,
        redis,
      }),
      ports: [ports.repoServer, ports.repoServerMetrics],
      callsKubernetes: false,
      ready: () => listens(ports.repoServer),
    },
    {
      name: "application-controller",
      manifest: "application-controller/argocd-application-controller-statefulset.yaml",
      binaryName: "argocd-application-controller",
      flags: flags({ "metrics-port": ports.applicationControllerMetrics, "repo-server": repoServer, redis }),
      ports: [ports.applicationControllerMetrics],
      callsKubernetes: true,
      ready: () => listens(ports.applicationControllerMetrics),
    },
    // Before the one below, which serves no webhook until this one has made the key that signs sessions.
    {
      name: "server",
      manifest: "server/argocd-server-deployment.yaml",
      binaryName: "argocd-server",
      flags: flags({
        address: "127.0.0.1",
        port: ports.argocd,
        "metrics-address": "127.0.0.1",
        "metrics-port": ports.argocdMetrics,
        "repo-server": repoServer,
        redis,
      }),
      ports: [ports.argocd, ports.argocdMetrics],
      callsKubernetes: true,
      ready: () => listens(ports.argocd),
    },
    {
      name: "applicationset-controller",
      manifest: "applicationset-controller/argocd-applicationset-controller-deployment.yaml",
      binaryName: "argocd-applicationset-controller",
      flags: flags({
        "metrics-addr": local(ports.applicationSetMetrics),
        "probe-addr": local(ports.applicationSetProbe),
        "webhook-addr": local(ports.applicationSetWebhook),
        "argocd-repo-server": repoServer,
        // There is one; a namespace for the election's lease is looked for inside a pod.
        "enable-leader-election": "false",
      }),
      ports: [ports.applicationSetMetrics, ports.applicationSetProbe, ports.applicationSetWebhook],
      callsKubernetes: true,
      ready: () => listens(ports.applicationSetWebhook),
    },
  ];
}

/** What every Argo CD process is told so that it finds on this machine what a container has in its image. */
export function localEnvironment(layout: SandboxLayout): Record<string, string> {
  const path = (...parts: string[]) => join(layout.argocd, ...parts);
  return {
    HOME: path("home"),
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_TLS_DATA_PATH: path("tls"),
    ARGOCD_SSH_DATA_PATH: path("ssh"),
    ARGOCD_GPG_DATA_PATH: path("gpg"),
    ARGOCD_GNUPGHOME: path("gnupg"),
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_PLUGINSOCKFILEPATH: path("plugins"),
    ARGOCD_ASK_PASS_SOCK: path("ask-pass.sock"),
    // One process does the work of all replicas; with more, it would leave clusters to replicas that do not run.
    ARGOCD_CONTROLLER_REPLICAS: "1",
  };
}
