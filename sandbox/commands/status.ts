import { VersionApi } from "@kubernetes/client-node";
import { SandboxError } from "../errors";
import { printReport } from "../report/report";
import { readSources } from "../stack/sources";
import { openStack } from "../stack/workspace";
import { toolPaths } from "../toolchain/build";
import { existingSandbox, sandboxClient } from "./existing";

/** Prints the table that `up` ends with, as things are now. */
export async function status(environment: NodeJS.ProcessEnv): Promise<void> {
  const sandbox = existingSandbox(environment);
  const kubeConfig = sandboxClient(sandbox);
  const sources = readSources(sandbox.layout);
  const answers = await kubeConfig
    .makeApiClient(VersionApi)
    .getCode()
    .then(Boolean, () => false);
  if (!sources || !answers) {
    throw new SandboxError(
      `The sandbox in ${sandbox.layout.directory} does not run`,
      "Bring it up again with: make up",
    );
  }
  const stack = await openStack(sandbox, toolPaths(environment), sources);
  await printReport(sandbox, kubeConfig, stack, sources);
}
