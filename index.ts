import { ArgoCd } from "./components/argo-cd/argo-cd";
import { observabilityKinds } from "./components/argo-cd/deployable-kinds";
import { inClusterServer, PlatformProjects } from "./components/argo-cd/platform-projects";
import { Repository } from "./components/argo-cd/repository";
import { RootApplication } from "./components/argo-cd/root-application";
import { ServicesApplicationSet } from "./components/argo-cd/services-application-set";
import { chartSource } from "./components/chart-source";
import { clusterProvider } from "./components/clusters/cluster-provider";
import { DeployerAccess } from "./components/clusters/deployer-access";
import { deployerRules, writerRules } from "./components/clusters/deployer-role";
import { RegisteredCluster } from "./components/clusters/registered-cluster";
import { ServiceNamespace } from "./components/clusters/service-namespace";
import { serviceNamespace } from "./config/environment";
import { loadConfig } from "./config/load";

/** The whole bootstrap: controllers, clusters, fences, and the two objects from which Argo CD takes over. */
export default async function bootstrap() {
  const config = loadConfig();
  const { environment, git } = config;
  const charts = { mirror: config.charts.mirror, versions: config.versions.charts };
  const namespace = serviceNamespace(environment);
  const preserve = environment !== "dev" || config.spokes.some((spoke) => spoke.unregister);

  const hub = clusterProvider(config.hub.name, config.hub.connection);
  const onHub = { providers: [hub] };

  const argocd = new ArgoCd(
    "argocd",
    {
      ...config.argocd,
      ...config.secrets.argocd,
      chart: chartSource("argoCd", charts),
      git,
      metrics: config.metrics,
      keepCrds: preserve,
    },
    onHub,
  );
  const afterArgoCd = { ...onHub, dependsOn: argocd.chart };
  new Repository(
    "repository",
    { namespace: argocd.namespace, url: git.url, credentials: config.secrets.git },
    onHub,
  );

  const services = new ServiceNamespace("services", { namespace, retain: preserve }, onHub);
  const argoCdAccounts = ["argocd-application-controller", "argocd-server"].map((name) => ({
    name,
    namespace: argocd.namespace,
  }));
  new DeployerAccess(
    "deploy-services",
    { namespace: services.namespace, rules: deployerRules, serviceAccounts: argoCdAccounts },
    onHub,
  );
  new DeployerAccess(
    "deploy-observability",
    { namespace: argocd.namespace, rules: writerRules(observabilityKinds), serviceAccounts: argoCdAccounts },
    onHub,
  );
  const registered = new RegisteredCluster(
    `cluster-${config.hub.name}`,
    {
      namespace: argocd.namespace,
      cluster: config.hub.name,
      server: inClusterServer,
      credentials: { kind: "inCluster" },
      environment,
      namespaces: ["argocd", namespace],
      protect: preserve,
    },
    onHub,
  );

  const projects = new PlatformProjects(
    "projects",
    {
      namespace: argocd.namespace,
      repository: git.url,
      hub: config.hub.name,
      destinations: [{ name: config.hub.name, server: inClusterServer, namespace }],
      syncWindows: config.argocd.syncWindows,
      protect: preserve,
    },
    afterArgoCd,
  );
  new RootApplication(
    "root",
    { namespace: argocd.namespace, project: projects.bootstrap, git, environment },
    afterArgoCd,
  );
  new ServicesApplicationSet(
    "services",
    {
      namespace: argocd.namespace,
      project: projects.platform,
      git,
      environment,
      serviceNamespace: namespace,
      preserve,
    },
    { ...onHub, dependsOn: [argocd.chart, registered] },
  );
  return { argocdUrl: `https://${config.argocd.domain}`, environment };
}
