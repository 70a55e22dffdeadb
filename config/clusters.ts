import { kubeconfigCluster, kubeconfigProblem } from "./kubeconfig";
import type { Problem } from "./problem";
import { apiServer, type HubConfig, type SpokeInput, type StackInput } from "./schema";

/** A spoke whose address and certificate authority are known. */
export interface SpokeConfig extends Omit<SpokeInput, "server" | "caCertificate"> {
  readonly server: string;
  readonly caCertificate: string;
}

/** The hub, and the address of its API server where its kubeconfig has been accepted. */
export interface ResolvedHub extends HubConfig {
  readonly server?: string | undefined;
}

/** The configuration once every cluster's kubeconfig has been read. */
export interface ResolvedConfig extends Omit<StackInput, "hub" | "spokes"> {
  readonly hub: ResolvedHub;
  readonly spokes: readonly SpokeConfig[];
}

/** Text of a file, or nothing where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** The kubeconfig of a cluster, and the key that is to blame if something is wrong with it. */
function kubeconfigOf(path: string, cluster: HubConfig | SpokeInput, config: StackInput, readFile: ReadFile) {
  const { kubeconfig } = cluster.connection;
  const secretKey = `secrets.kubeconfigs.${cluster.name}`;
  const stored = config.secrets.kubeconfigs[cluster.name];
  const fileKey = `${path}.connection.kubeconfig`;
  if (kubeconfig !== undefined && stored !== undefined) {
    return { problem: { path: fileKey, message: `and ${secretKey} are both set; keep one` } };
  }
  if (stored !== undefined) return { key: secretKey, text: stored, portable: true };
  if (kubeconfig === undefined) {
    const message = `names no kubeconfig; set \`kubeconfig\` to a file or the secret ${secretKey}`;
    return { problem: { path: `${path}.connection`, message } };
  }
  const text = readFile(kubeconfig);
  return text === undefined
    ? {
        problem: {
          path: fileKey,
          message: `"${kubeconfig}" cannot be read; set the path of a kubeconfig file`,
        },
      }
    : { key: fileKey, text, portable: false };
}

/**
 * Reads every cluster's kubeconfig, and takes from it what a spoke leaves unsaid. A cluster with a problem is left out
 * of the result, so that the rules between clusters can still be read over the others.
 */
export function resolveClusters(
  config: StackInput,
  readFile: ReadFile,
  now: Date,
): { readonly config: ResolvedConfig; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const read = (path: string, cluster: HubConfig | SpokeInput) => {
    const { context } = cluster.connection;
    const { problem, key, text, portable } = kubeconfigOf(path, cluster, config, readFile);
    if (problem) return void problems.push(problem);
    const message = kubeconfigProblem(text, { context, portable, now });
    if (message) return void problems.push({ path: key, message });
    return { key, ...kubeconfigCluster(text, context) };
  };
  const hub = { ...config.hub, server: read("hub", config.hub)?.server };
  const spokes = config.spokes.flatMap((spoke, index): SpokeConfig[] => {
    const path = `spokes[${index}]`;
    const stated = read(path, spoke);
    if (!stated) return [];
    const server = apiServer.safeParse(spoke.server ?? stated.server);
    const caCertificate = spoke.caCertificate ?? stated.caCertificate;
    if (!server.success) {
      problems.push({ path: stated.key, message: `names a server that ${server.error.issues[0]?.message}` });
    }
    if (caCertificate === undefined) {
      problems.push({
        path: `${path}.caCertificate`,
        message:
          "is missing, and the kubeconfig carries none; set the PEM text of the API server's authority",
      });
    }
    return server.success && caCertificate !== undefined
      ? [{ ...spoke, server: server.data, caCertificate }]
      : [];
  });
  return { config: { ...config, hub, spokes }, problems };
}
