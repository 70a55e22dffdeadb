import type { Engine } from "../protocol/engine";
import { connectApi } from "./api/client";
import type { ApiClient } from "./api/client";
import { Discovery } from "./api/discovery";
import { ambientKubeconfig, parseKubeconfig, resolveAccess } from "./api/kubeconfig";
import type { Access } from "./api/kubeconfig";
import type { KubernetesObject } from "./objects/object";
import type { Settings } from "./settings";

export interface Cluster {
  access: Access;
  api: ApiClient;
  discovery: Discovery;
}

/** One configured provider: how it works and, unless it cannot be reached, its cluster. */
export interface Session {
  settings: Settings;
  engine: Engine;
  cluster: Cluster | undefined;
  /** Why there is no cluster. */
  unreachable: string;
  namespace: string;
  /** CustomResourceDefinitions of this program by `group/Kind`, whether or not they exist already. */
  crds: Map<string, KubernetesObject>;
  /** Ends what is waiting, when the user cancels. */
  cancelled: AbortSignal;
}

/** Connects to the cluster. One that cannot be reached is an error only for the operation that needs it. */
export async function openSession(
  settings: Settings,
  engine: Engine,
  cancelled: AbortSignal,
): Promise<Session> {
  const base = { settings, engine, cancelled, crds: new Map<string, KubernetesObject>() };
  const failed = (namespace: string, unreachable: string): Session => ({
    ...base,
    namespace,
    cluster: undefined,
    unreachable,
  });

  let kubeconfig;
  try {
    kubeconfig = settings.kubeconfig === "" ? ambientKubeconfig() : parseKubeconfig(settings.kubeconfig);
  } catch (error) {
    const reason = `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${messageOf(error)}`;
    return failed(settings.namespace, reason);
  }
  let access: Access;
  try {
    access = resolveAccess(kubeconfig, settings);
  } catch (error) {
    const reason =
      "unable to load Kubernetes client configuration from kubeconfig file. " +
      `Set the provider's kubeconfig and context. ${messageOf(error)}`;
    return failed(settings.namespace || "default", reason);
  }
  try {
    const api = await connectApi(access);
    await api.request({ method: "GET", path: "/version", timeout: 32_000 });
    return {
      ...base,
      namespace: access.namespace,
      cluster: { access, api, discovery: new Discovery(api) },
      unreachable: "",
    };
  } catch (error) {
    return failed(
      access.namespace,
      `unable to load schema information from the API server: ${messageOf(error)}`,
    );
  }
}

/** The cluster, or an error that says why there is none. */
export function requireCluster(session: Session): Cluster {
  if (session.cluster) return session.cluster;
  throw new Error(`configured Kubernetes cluster is unreachable: ${session.unreachable}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
