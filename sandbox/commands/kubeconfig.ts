import { existingSandbox, sandboxClient } from "./existing";

/** Prints the path of the kubeconfig and nothing else. */
export function kubeconfig(environment: NodeJS.ProcessEnv): void {
  const sandbox = existingSandbox(environment);
  sandboxClient(sandbox);
  console.log(sandbox.layout.hub.kubeconfig);
}
