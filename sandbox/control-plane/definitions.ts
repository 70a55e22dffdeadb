import { execa } from "execa";
import { crdFiles } from "../charts/crd-modules";
import { committedStackFile, sandboxClusters, stackValue } from "../clusters";
import type { Sandbox } from "../settings";
import type { ToolPaths } from "../toolchain/build";

const monitoringKinds = /_(servicemonitors|podmonitors|prometheusrules)\.yaml$/;

/**
 * Installs on every cluster the definitions of the Prometheus operator, which a stack with `metrics` expects to find:
 * the operator itself belongs to whoever runs the cluster. Nothing where the stack has no metrics.
 */
export async function installMonitoringDefinitions(
  sandbox: Sandbox,
  tools: ToolPaths,
): Promise<string | void> {
  if (stackValue(committedStackFile(sandbox), "metrics") !== true) return "the stack asks for none";
  const files = (await crdFiles("prometheus-operator")).filter((file) => monitoringKinds.test(file));
  await Promise.all(
    sandboxClusters(sandbox).map(({ kubeconfig }) =>
      execa(tools.kubectl, [
        ...["--kubeconfig", kubeconfig, "apply", "--server-side"],
        ...files.map((file) => `--filename=${file}`),
      ]),
    ),
  );
}
