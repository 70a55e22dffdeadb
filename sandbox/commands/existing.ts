import { existsSync } from "node:fs";
import type { KubeConfig } from "@kubernetes/client-node";
import { clusterClient } from "../clusters";
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

/** A client of the sandbox's hub, be it its own or the user's cluster. */
export function sandboxClient({ layout }: Sandbox): KubeConfig {
  if (!existsSync(layout.hub.kubeconfig)) {
    throw new SandboxError(`The sandbox in ${layout.directory} is not up yet`, "Finish it with: make up");
  }
  return clusterClient(layout.hub);
}
