import { KubeConfig, VersionApi } from "@kubernetes/client-node";
import { SandboxError } from "../errors";
import type { SandboxLayout } from "../layout";
import { writePrivateFile } from "../processes/atomic-file";

const timeoutMilliseconds = 10_000;

/**
 * A client of the user's own cluster, after it has answered. A copy of the kubeconfig with this one context is kept in
 * the sandbox, so that a later change of the user's current context changes nothing.
 *
 * @throws SandboxError when there is no such context or nothing answers.
 */
export async function userClient(layout: SandboxLayout, context: string): Promise<KubeConfig> {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  const known = kubeConfig.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    throw new SandboxError(
      `There is no kubeconfig context "${context}" (there is: ${known.join(", ") || "none"})`,
      "Choose one of them with CONTEXT, or set KUBECONFIG to the file that holds it.",
    );
  }
  kubeConfig.setCurrentContext(context);
  try {
    await Promise.race([
      kubeConfig.makeApiClient(VersionApi).getCode(),
      new Promise((_, reject) =>
        setTimeout(reject, timeoutMilliseconds, new Error("no answer within 10 s")).unref(),
      ),
    ]);
  } catch (error) {
    throw new SandboxError(
      `The cluster of context "${context}" (${kubeConfig.getCurrentCluster()?.server}) does not answer: ${(error as Error).message}`,
      `Check it with: kubectl --context ${context} version`,
      { cause: error },
    );
  }
  writePrivateFile(layout.hub.kubeconfig, kubeConfig.exportConfig());
  return kubeConfig;
}
