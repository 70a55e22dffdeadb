import { existsSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { SandboxError } from "../errors";
import { type Sandbox, findSandbox } from "../settings";
import { readVariables } from "../variables";

/** The sandbox that the variables name. */
export function existingSandbox(environment: NodeJS.ProcessEnv): Sandbox {
  const variables = readVariables(environment);
  const sandbox = findSandbox(variables);
  if (sandbox) return sandbox;
  throw new SandboxError(`There is no sandbox in ${variables.SANDBOX_DIR}`, "Make one with: make up");
}

/** A client of the sandbox's cluster, be it its own or the user's. */
export function sandboxClient({ layout }: Sandbox): KubeConfig {
  if (!existsSync(layout.kubeconfig)) {
    throw new SandboxError(`The sandbox in ${layout.directory} is not up yet`, "Finish it with: make up");
  }
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromFile(layout.kubeconfig);
  return kubeConfig;
}
