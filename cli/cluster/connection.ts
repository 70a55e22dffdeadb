import { KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { homedir } from "node:os";
import { CliError } from "../errors";

export interface ConnectionOptions {
  /** Path of a kubeconfig; omitted, KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  readonly context: string;
}

function loadKubeConfig(options: ConnectionOptions): KubeConfig {
  const config = new KubeConfig();
  try {
    if (options.kubeconfig) config.loadFromFile(options.kubeconfig.replace(/^~(?=\/)/, homedir()));
    else config.loadFromDefault();
  } catch (error) {
    throw new CliError(
      `The kubeconfig ${options.kubeconfig ?? ""} cannot be read: ${(error as Error).message}`,
    );
  }
  return config;
}

/** @throws CliError where the kubeconfig has no such context; no other context is ever used instead. */
export function connect(options: ConnectionOptions): KubeConfig {
  const config = loadKubeConfig(options);
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(options.context)) {
    throw new CliError(
      `There is no kubeconfig context "${options.context}" (known: ${known.join(", ") || "none"}); ` +
        "set it in infrastructure/promotion.yaml under environments.<name>.clusters",
    );
  }
  config.setCurrentContext(options.context);
  return config;
}

/** Content type for patches: the client's default, a JSON patch, would need paths that may not exist. */
export const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** One line that says why a cluster did not answer, without the headers and certificates of the request. */
export function describeApiError(error: unknown): string {
  const { code, body, message, cause } = error as {
    code?: number;
    body?: unknown;
    message?: string;
    cause?: Error;
  };
  if (typeof code === "number") {
    const status = typeof body === "string" ? safeMessage(body) : undefined;
    return `HTTP ${code}${status ? `: ${status}` : ""}`;
  }
  return cause?.message || message || String(error);
}

function safeMessage(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
