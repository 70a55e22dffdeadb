import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { isMap } from "../../protocol/properties";

export interface Cluster {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}

export interface User {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  exec?: unknown;
  "auth-provider"?: unknown;
}

export interface Context {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** A kubeconfig whose file references are absolute, so that it can be read from anywhere. */
export interface Kubeconfig {
  currentContext: string;
  clusters: Map<string, Cluster>;
  users: Map<string, User>;
  contexts: Map<string, Context>;
}

export interface Overrides {
  context?: string;
  cluster?: string;
  namespace?: string;
}

const fileKeys = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** Reads a kubeconfig given as text or as a path ("~" is the home directory). Throws when it is neither. */
export function parseKubeconfig(pathOrContent: string): Kubeconfig {
  if (pathOrContent === "") return emptyKubeconfig();
  const path = pathOrContent.replace(/^~(?=\/|$)/, homedir());
  // A kubeconfig's text is far longer than a path may be, and asking for it would be an error.
  if (!path.includes("\n") && existsSync(path) && statSync(path).isFile()) return readKubeconfig(path);
  return kubeconfigFrom(pathOrContent, process.cwd());
}

/** Reads what kubectl would read: the files of KUBECONFIG, or the one in the home directory. */
export function ambientKubeconfig(): Kubeconfig {
  const variable = process.env["KUBECONFIG"];
  const paths = variable ? variable.split(delimiter).filter(Boolean) : [join(homedir(), ".kube", "config")];
  return paths
    .filter((path) => existsSync(path))
    .map(readKubeconfig)
    .reduceRight(merge, emptyKubeconfig());
}

function readKubeconfig(path: string): Kubeconfig {
  return kubeconfigFrom(readFileSync(path, "utf8"), dirname(path));
}

function kubeconfigFrom(content: string, directory: string): Kubeconfig {
  const document: unknown = parse(content);
  if (!isMap(document)) {
    throw new Error("a kubeconfig must be a YAML or JSON object with clusters, users and contexts");
  }
  const named = <T>(list: string, entry: string): Map<string, T> => {
    const items = (document[list] ?? []) as { name: string; [key: string]: unknown }[];
    return new Map(items.map((item) => [item.name, withAbsoluteFiles(item[entry] ?? {}, directory) as T]));
  };
  return {
    currentContext: String(document["current-context"] ?? ""),
    clusters: named<Cluster>("clusters", "cluster"),
    users: named<User>("users", "user"),
    contexts: named<Context>("contexts", "context"),
  };
}

function withAbsoluteFiles(entry: object, directory: string): object {
  const absolute = (key: string, value: unknown) =>
    fileKeys.includes(key) && typeof value === "string" && value !== "" && !isAbsolute(value)
      ? join(directory, value)
      : value;
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, absolute(key, value)]));
}

function emptyKubeconfig(): Kubeconfig {
  return { currentContext: "", clusters: new Map(), users: new Map(), contexts: new Map() };
}

/** What the earlier file says counts. */
function merge(later: Kubeconfig, earlier: Kubeconfig): Kubeconfig {
  return {
    currentContext: earlier.currentContext || later.currentContext,
    clusters: new Map([...later.clusters, ...earlier.clusters]),
    users: new Map([...later.users, ...earlier.users]),
    contexts: new Map([...later.contexts, ...earlier.contexts]),
  };
}

/** The cluster that a kubeconfig points at, or undefined when it names none. */
export function activeCluster(kubeconfig: Kubeconfig, overrides: Overrides): Cluster | undefined {
  const context = kubeconfig.contexts.get(overrides.context || kubeconfig.currentContext);
  const cluster = overrides.cluster || context?.cluster;
  return context && cluster ? kubeconfig.clusters.get(cluster) : undefined;
}

/** What is needed to speak to one cluster as one user. */
export interface Access {
  cluster: Cluster & { server: string };
  user: User;
  namespace: string;
}

/** Resolves context, cluster and user. Throws when the kubeconfig does not lead to a cluster. */
export function resolveAccess(kubeconfig: Kubeconfig, overrides: Overrides): Access {
  const contextName = overrides.context || kubeconfig.currentContext;
  const context = kubeconfig.contexts.get(contextName);
  if (contextName !== "" && !context) throw new Error(`context "${contextName}" does not exist`);
  const clusterName = overrides.cluster || context?.cluster || "";
  const cluster = kubeconfig.clusters.get(clusterName);
  if (!cluster?.server) {
    throw new Error("invalid configuration: no configuration has been provided");
  }
  return {
    cluster: { ...cluster, server: cluster.server },
    user: kubeconfig.users.get(context?.user ?? "") ?? {},
    namespace: overrides.namespace || context?.namespace || "default",
  };
}

/** The same access as a kubeconfig with one context, for the tools that read a file. */
export function kubeconfigOf(access: Access): string {
  const name = "cluster";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: access.cluster }],
    users: [{ name, user: access.user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: access.namespace } }],
  });
}
