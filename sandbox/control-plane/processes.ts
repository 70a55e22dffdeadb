import { connect } from "node:net";
import { join } from "node:path";
import type { ClusterLayout, SandboxLayout } from "../layout";
import type { ProcessSpec } from "../processes/supervisor";
import type { ToolPaths } from "../toolchain/build";
import { credentialFiles } from "./credentials";
import { answersOk } from "./https";

/** Whether something listens on a port of the loopback interface. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
}

function flags(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

/** The store of every cluster of the sandbox, each under a prefix of its own. */
export function etcd(layout: SandboxLayout, tools: ToolPaths): ProcessSpec {
  const { ports } = layout;
  const files = credentialFiles(layout);
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  const client = `https://127.0.0.1:${ports.etcd}`;
  return {
    name: "etcd",
    command: tools.etcd,
    args: flags({
      name: "sandbox",
      "data-dir": layout.etcd,
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `sandbox=${peer}`,
      "cert-file": files.server.certificate,
      "key-file": files.server.privateKey,
      "trusted-ca-file": files.authority,
      "client-cert-auth": "true",
      // The sandbox can be made anew at any time; waiting for the disk would be the larger part of every write.
      "unsafe-no-fsync": "true",
    }),
    ports: [ports.etcd, ports.etcdPeer],
    ready: () => listens(ports.etcd),
  };
}

function kubeApiserver(layout: SandboxLayout, cluster: ClusterLayout, tools: ToolPaths): ProcessSpec {
  const { ports, serviceAccountKey } = cluster;
  const files = credentialFiles(layout);
  return {
    name: `kube-apiserver${cluster.suffix}`,
    command: tools["kube-apiserver"],
    args: flags({
      "etcd-servers": `https://127.0.0.1:${layout.ports.etcd}`,
      "etcd-prefix": `/registry${cluster.suffix}`,
      "etcd-cafile": files.authority,
      "etcd-certfile": files.etcdClient.certificate,
      "etcd-keyfile": files.etcdClient.privateKey,
      "bind-address": "127.0.0.1",
      "advertise-address": "127.0.0.1",
      // An endpoint of the Service `kubernetes` must not be a loopback address, and no pod of kwok would call it.
      "endpoint-reconciler-type": "none",
      "secure-port": ports.kubernetes,
      "tls-cert-file": files.server.certificate,
      "tls-private-key-file": files.server.privateKey,
      "client-ca-file": files.authority,
      "requestheader-client-ca-file": files.authority,
      // The controllers ask for this setting; no certificate has the name, so that nobody may speak for others.
      "requestheader-allowed-names": "front-proxy-client",
      "authorization-mode": "Node,RBAC",
      "enable-admission-plugins": "NodeRestriction",
      "service-account-issuer": "https://kubernetes.default.svc",
      "service-account-key-file": serviceAccountKey,
      "service-account-signing-key-file": serviceAccountKey,
      "service-cluster-ip-range": "10.0.0.0/24",
      "anonymous-auth": "true",
    }),
    // Every definition makes it describe all of its API anew; collecting that garbage at once costs a second core's time.
    env: { GOGC: "400" },
    ports: [ports.kubernetes],
    ready: () => answersOk(layout, ports.kubernetes, "/readyz"),
  };
}

function controlLoop(
  layout: SandboxLayout,
  cluster: ClusterLayout,
  tools: ToolPaths,
  name: "kube-controller-manager" | "kube-scheduler",
  port: number,
  more: Readonly<Record<string, string>>,
): ProcessSpec {
  const files = credentialFiles(layout);
  const kubeconfig = join(cluster.kubeconfigs, name);
  return {
    name: `${name}${cluster.suffix}`,
    command: tools[name],
    args: flags({
      kubeconfig,
      "authentication-kubeconfig": kubeconfig,
      "authorization-kubeconfig": kubeconfig,
      "bind-address": "127.0.0.1",
      "secure-port": port,
      "tls-cert-file": files.server.certificate,
      "tls-private-key-file": files.server.privateKey,
      // There is one of each; electing a leader would delay a restart by the lease of the one before.
      "leader-elect": "false",
      ...more,
    }),
    ports: [port],
    ready: () => answersOk(layout, port, "/healthz"),
  };
}

function kwok({ suffix, ports, kubeconfigs, kwok: home }: ClusterLayout, tools: ToolPaths): ProcessSpec {
  return {
    name: `kwok${suffix}`,
    command: tools.kwok,
    args: flags({
      kubeconfig: join(kubeconfigs, "kwok"),
      "manage-all-nodes": "true",
      "node-ip": "127.0.0.1",
      "node-lease-duration-seconds": 40,
      "server-address": `127.0.0.1:${ports.kwok}`,
    }),
    // Its settings folder is looked for in HOME, where a user's own would change the sandbox.
    env: { HOME: home, KWOK_WORKDIR: home },
    ports: [ports.kwok],
    ready: () => listens(ports.kwok),
  };
}

/** The control plane of one cluster in the order of its start; each waits for the one before. */
export function controlPlaneProcesses(
  layout: SandboxLayout,
  cluster: ClusterLayout,
  tools: ToolPaths,
): ProcessSpec[] {
  const { ports, serviceAccountKey } = cluster;
  return [
    kubeApiserver(layout, cluster, tools),
    controlLoop(layout, cluster, tools, "kube-controller-manager", ports.controllerManager, {
      "service-account-private-key-file": serviceAccountKey,
      "root-ca-file": credentialFiles(layout).authority,
      "use-service-account-credentials": "true",
      // Argo CD waits for the first look at every autoscaler, which comes after 15 seconds where nobody says otherwise.
      "horizontal-pod-autoscaler-sync-period": "3s",
    }),
    controlLoop(layout, cluster, tools, "kube-scheduler", ports.scheduler, {}),
    kwok(cluster, tools),
  ];
}
