import { parseDocument } from "yaml";
import { z } from "zod";
import { certificateProblem } from "./certificates";

const named = (key: string) => z.array(z.looseObject({ name: z.string(), [key]: z.looseObject({}) }));

const kubeconfigSchema = z.looseObject({
  "current-context": z.string().optional(),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(z.looseObject({ name: z.string(), cluster: z.looseObject({ server: z.string() }) })),
  users: named("user"),
});

const pathKeys = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** What a kubeconfig says of the cluster of one context. */
export interface KubeconfigCluster {
  readonly server: string;
  /** Certificate authority, PEM; absent where the kubeconfig names a file or trusts the public ones. */
  readonly caCertificate?: string | undefined;
}

/** The cluster of a context, of a kubeconfig in which `kubeconfigProblem` found nothing. */
export function kubeconfigCluster(text: string, contextName: string | undefined): KubeconfigCluster {
  const config = kubeconfigSchema.parse(parseDocument(text).toJS());
  const name = contextName ?? config["current-context"];
  const context = config.contexts.find((entry) => entry.name === name)?.context;
  const cluster = config.clusters.find((entry) => entry.name === context?.cluster)!.cluster;
  const caData = cluster["certificate-authority-data"];
  return {
    server: cluster.server,
    caCertificate: typeof caData === "string" ? Buffer.from(caData, "base64").toString("utf8") : undefined,
  };
}

/** When a token ends; undefined where it is none that says so. */
export function tokenExpiry(token: string): Date | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as {
      exp?: unknown;
    };
    return typeof claims.exp === "number" ? new Date(claims.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}

type Tree = Readonly<Record<string, unknown>>;

/** What is wrong with the way to the API server itself. */
function clusterProblem(cluster: Tree & { readonly server: string }, now: Date): string | undefined {
  const server = URL.canParse(cluster.server) ? new URL(cluster.server) : undefined;
  if (server?.protocol !== "https:") return "names a server whose address is not an https:// URL; correct it";
  if (server.username || server.password)
    return "names a server with credentials in its address; remove them";
  if (cluster["insecure-skip-tls-verify"]) {
    return "sets insecure-skip-tls-verify, so that anybody could answer; remove it and store the certificate authority";
  }
  const authority = cluster["certificate-authority-data"];
  if (typeof authority !== "string") return undefined;
  const problem = certificateProblem(Buffer.from(authority, "base64").toString("utf8"), now);
  return problem && `carries a certificate-authority-data that ${problem}`;
}

function userProblem({ token }: Tree, now: Date): string | undefined {
  const expiry = typeof token === "string" ? tokenExpiry(token) : undefined;
  return expiry && expiry <= now
    ? `holds a token that expired at ${expiry.toISOString()}; store a new kubeconfig`
    : undefined;
}

export interface KubeconfigUse {
  /** The context to use; omitted, the kubeconfig's current-context. */
  readonly context?: string | undefined;
  /** Whether it must hold everything itself, because it travels with the stack. */
  readonly portable: boolean;
  readonly now: Date;
}

/**
 * What is wrong with a kubeconfig as a way to one cluster, or nothing. The provider would take a malformed one for an
 * unreachable cluster and an empty one for leave to use the ambient cluster, so both are refused here.
 * Messages never repeat content, because a kubeconfig holds credentials.
 */
export function kubeconfigProblem(text: string, use: KubeconfigUse): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    return "is not YAML; store the output of `kubectl config view --raw --minify --flatten`";
  const parsed = kubeconfigSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".");
    return `is not a kubeconfig (\`${where}\` is missing or malformed); store the output of \`kubectl config view --raw --minify --flatten\``;
  }
  const config = parsed.data;
  const contextName = use.context ?? config["current-context"];
  if (!contextName) return "has no current-context; set it, or set the connection's `context`";
  const context = config.contexts.find((entry) => entry.name === contextName)?.context;
  if (!context) {
    const known = config.contexts.map((entry) => entry.name).join(", ") || "none";
    return `has no context "${contextName}" (it has: ${known})`;
  }
  const cluster = config.clusters.find((entry) => entry.name === context.cluster)?.cluster;
  if (!cluster) return `has no cluster "${context.cluster}", which context "${contextName}" names`;
  const user = config.users.find((entry) => entry.name === context.user)?.["user"] as Tree | undefined;
  if (!user) return `has no user "${context.user}", which context "${contextName}" names`;
  const path = use.portable ? pathKeys.find((key) => key in cluster || key in user) : undefined;
  if (path) return `refers to a file (\`${path}\`), which a stack cannot carry; store it with \`--flatten\``;
  return clusterProblem(cluster, use.now) ?? userProblem(user, use.now);
}
