import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { chartVersions } from "../../components/chart-versions";
import { type FollowResult, servedHead } from "../git/repository";
import { repositoryUrl } from "../git/settings";
import { committedStackFile, sandboxClusters, stackValue } from "../clusters";
import { credentialFiles } from "../control-plane/credentials";
import { runningProcesses } from "../processes/supervisor";
import type { Sandbox } from "../settings";
import type { Changes } from "../stack/deploy";
import { stateResources } from "../stack/run-engine";
import type { Sources } from "../stack/sources";
import { tools } from "../toolchain/tools";
import { listApplications } from "./applications";
import { applicationTable, installedCharts, table } from "./table";

function versionOf(name: string): string {
  return tools.find((tool) => tool.name === name)?.version ?? "";
}

function partsTable(sandbox: Sandbox, sources: Sources): string {
  const built = (name: string, origin = "official, built from its module") => [name, versionOf(name), origin];
  const clusterParts = [
    ...[
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kwok",
      "argocd",
      "rollouts-controller",
      "sealed-secrets-controller",
      "external-secrets",
      "vault",
    ].map((name) => built(name)),
    built("redis", "stand-in for Redis (miniredis)"),
  ];
  return table(
    ["Part", "Version", "Origin"],
    [
      ...(sandbox.settings.context ? [] : clusterParts),
      built(
        "pulumi",
        sources.engine === "official" ? "official, found on PATH" : "official, built from its module",
      ),
      ...sources.plugins.map(({ name, version, origin }) => [`plugin ${name}`, version, origin]),
      ["Helm charts", "", sources.charts],
    ],
  );
}

function chartVersion({ layout }: Sandbox, sources: Sources, chart: string): string {
  const pin = Object.values(chartVersions).find((entry) => entry.chart === chart)?.version ?? "";
  if (sources.charts === "official") return pin;
  const manifest = readFileSync(join(layout.charts, chart, "Chart.yaml"), "utf8");
  return (parse(manifest) as { version: string }).version;
}

function summaryOfChanges(changes: Changes): string {
  const parts = Object.entries(changes).filter(([operation, count]) => operation !== "same" && count > 0);
  const same = `${changes["same"] ?? 0} resources unchanged`;
  if (parts.length === 0) return `No changes: ${same}.`;
  return `Changes: ${parts.map(([operation, count]) => `${count} ${operation}`).join(", ")}, ${same}.`;
}

/** Where each cluster's API server is; nothing where the hub is the only one, of which `howToGoOn` speaks. */
function clustersTable(sandbox: Sandbox): string[] {
  const [hub, ...spokes] = sandboxClusters(sandbox);
  if (spokes.length === 0) return [];
  const rows = [hub, ...spokes].map(({ name, ports, kubeconfig }) => [
    name,
    name === hub.name ? "hub" : "spoke",
    `https://127.0.0.1:${ports.kubernetes}`,
    kubeconfig,
  ]);
  return [table(["Cluster", "Role", "API server", "Kubeconfig"], rows)];
}

function argocdLogin(sandbox: Sandbox): string[] {
  const address = `Argo CD       127.0.0.1:${sandbox.layout.ports.argocd} (API only, no pages)`;
  const { sso } = (stackValue(committedStackFile(sandbox), "argocd") ?? {}) as { sso?: unknown };
  if (sso !== undefined) return [`${address}; people log in through the stack's identity provider alone`];
  return [
    `${address}, user admin; password:`,
    "              kubectl -n argocd get secret argocd-initial-admin-secret -o jsonpath='{.data.password}' | base64 -d",
  ];
}

async function howToGoOn(sandbox: Sandbox): Promise<string[]> {
  const { layout, settings } = sandbox;
  if (settings.context) {
    return [
      `Cluster       kubectl --context ${settings.context} get applications -n argocd`,
      "Take it down  make down",
    ];
  }
  const head = await servedHead(layout.repository);
  return [
    `Kubernetes    export KUBECONFIG=${layout.hub.kubeconfig}; kubectl get applications -A`,
    ...argocdLogin(sandbox),
    `Git           ${repositoryUrl(layout.ports.git)}, branch main at ${head?.slice(0, 12)}, user argocd, password in`,
    `              ${credentialFiles(layout).gitPassword}`,
    `Deliver       commit a change under infrastructure/ in ${settings.workTree}; Argo CD is told within a second`,
    `Logs          ${layout.logs}`,
    "Look again    make status      Take it down  make down",
  ];
}

/** Prints what runs, where it comes from, what Argo CD has delivered, and how to go on. */
export async function printReport(
  sandbox: Sandbox,
  kubeConfig: KubeConfig,
  stack: Stack,
  sources: Sources,
  changes?: Changes,
  followed?: FollowResult,
): Promise<void> {
  const resources = await stateResources(stack);
  const charts = installedCharts(resources.map(({ urn }) => urn)).map(({ name, chart }) => [
    name,
    chart,
    chartVersion(sandbox, sources, chart),
    sources.charts,
  ]);
  const processes = runningProcesses(sandbox.layout).map(({ name, pid }) => `${name} (${pid})`);
  const sections = [
    partsTable(sandbox, sources),
    table(["Component", "Chart", "Version", "Origin"], charts),
    ...clustersTable(sandbox),
    applicationTable(await listApplications(kubeConfig)),
    ...(processes.length > 0 ? [`Processes: ${processes.join(", ")}`] : []),
    ...(followed === "diverged"
      ? [
          "The served branch has commits that the work tree lacks, so the work tree's commits are not delivered; pull them first.",
        ]
      : []),
    ...(changes ? [summaryOfChanges(changes)] : []),
    (await howToGoOn(sandbox)).join("\n"),
  ];
  console.log(sections.join("\n\n"));
}
