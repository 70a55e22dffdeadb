import { ArgoCd } from "./components/argo-cd/argo-cd";
import { argoCdIdentities } from "./components/argo-cd/argo-cd-identities";
import { CredentialTemplate } from "./components/argo-cd/credential-template";
import { inClusterServer, PlatformProjects } from "./components/argo-cd/platform-projects";
import { Repository } from "./components/argo-cd/repository";
import { RootApplication } from "./components/argo-cd/root-application";
import { ServicesApplicationSet } from "./components/argo-cd/services-application-set";
import { CertManager } from "./components/cert-manager/cert-manager";
import { ClusterIssuer } from "./components/cert-manager/cluster-issuer";
import { chartSource } from "./components/chart-source";
import { clusterProvider } from "./components/clusters/cluster-provider";
import { DeployerAccess } from "./components/clusters/deployer-access";
import { deployerRules, hubDeployerRules, observabilityRules } from "./components/clusters/deployer-role";
import { RegisteredCluster } from "./components/clusters/registered-cluster";
import { SpokeAccess } from "./components/clusters/spoke-access";
import { WorkloadCluster } from "./components/clusters/workload-cluster";
import { PreviewEnvironments } from "./components/previews/preview-environments";
import { labelledWith } from "./components/stack-label";
import {
  githubRepository,
  preservesWorkloads,
  previewNamespaces,
  previewRole,
  serviceNamespace,
  vaultStore,
} from "./config/derive";
import { loadConfig } from "./config/load";

/** The whole bootstrap: controllers, clusters, fences, and the two objects from which Argo CD takes over. */
async function bootstrap() {
  const { environment, hub, spokes, git, argocd, secrets, metrics, ...config } = loadConfig();
  const { highAvailability } = argocd;
  const namespace = serviceNamespace(environment);
  const previews = previewNamespaces(argocd.pullRequestPreviews, environment);
  const preserve = preservesWorkloads(environment, spokes);
  const charts = { mirror: config.charts.mirror, versions: config.versions.charts };
  const on = (cluster: typeof hub | (typeof spokes)[number]) => ({
    providers: [clusterProvider(cluster.name, cluster.connection)],
    transforms: [labelledWith(environment)],
  });
  const onHub = on(hub);

  // Argo CD, its repository and its own rights.
  const argoCd = new ArgoCd(
    "argocd",
    {
      ...argocd,
      ...secrets.argocd,
      chart: chartSource("argoCd", charts),
      git,
      keepCrds: preserve,
    },
    onHub,
  );
  const inArgoCd = { namespace: argoCd.namespace };
  new Repository("repository", { ...inArgoCd, url: git.url, credentials: secrets.git }, onHub);
  for (const { name, url } of git.credentialTemplates) {
    // The rules have refused a template without its secret.
    const credentials = secrets.credentialTemplates[name]!;
    new CredentialTemplate(`credentials-${name}`, { ...inArgoCd, template: name, url, credentials }, onHub);
  }
  new DeployerAccess(
    "deploy-observability",
    { ...inArgoCd, rules: observabilityRules, subjects: argoCdIdentities },
    onHub,
  );

  // Certificates.
  if (config.certManager) {
    const certManager = new CertManager(
      "cert-manager",
      { chart: chartSource("certManager", charts), highAvailability, keepCrds: preserve },
      onHub,
    );
    new ClusterIssuer(
      "issuer",
      { ...config.certManager, exposure: argocd.exposure },
      { ...onHub, dependsOn: certManager.release },
    );
  }

  // Every cluster that runs services, the hub first: what services need there, then its registration.
  const workload = {
    serviceNamespace: namespace,
    charts,
    highAvailability,
    metrics,
    prometheusAddress: config.prometheusAddress,
    sealingKey: secrets.sealingKey,
    retiredSealingKeys: secrets.retiredSealingKeys,
  };
  const registration = { ...inArgoCd, environment, protect: preserve };
  const hubWorkload = new WorkloadCluster(
    hub.name,
    {
      ...workload,
      deployers: argoCdIdentities,
      rules: hubDeployerRules,
      vault: vaultStore(config.vault, environment, hub.name),
      retain: preserve,
    },
    onHub,
  );
  const registered = [
    new RegisteredCluster(
      hub.name,
      {
        ...registration,
        cluster: hub.name,
        server: inClusterServer,
        credentials: { kind: "inCluster" },
        namespaces: ["argocd", namespace, ...previews],
      },
      { ...onHub, dependsOn: hubWorkload },
    ),
  ];
  for (const spoke of spokes) {
    const onSpoke = on(spoke);
    const access = new SpokeAccess(spoke.name, { ...spoke, cloudIdentity: argocd.cloudIdentity }, onSpoke);
    const spokeWorkload = new WorkloadCluster(
      spoke.name,
      {
        ...workload,
        deployers: access.subjects,
        rules: deployerRules,
        vault: vaultStore(config.vault, environment, spoke.name),
        retain: preserve,
      },
      onSpoke,
    );
    registered.push(
      new RegisteredCluster(
        spoke.name,
        {
          ...registration,
          cluster: spoke.name,
          server: spoke.server,
          credentials: access.credentials,
          namespaces: [namespace],
          labels: spoke.labels,
        },
        { ...onHub, dependsOn: spokeWorkload },
      ),
    );
  }

  // The fences, and the hand-over.
  const destinations = [{ name: hub.name, server: inClusterServer }, ...spokes].map(({ name, server }) => ({
    name,
    server,
    namespace,
  }));
  const projects = new PlatformProjects(
    "projects",
    {
      ...inArgoCd,
      repository: git.url,
      hub: hub.name,
      destinations,
      access: argocd.access,
      syncWindows: argocd.syncWindows,
      protect: preserve,
    },
    { ...onHub, dependsOn: argoCd.chart },
  );
  // Without its registration the hub is a cluster in which Argo CD sees nothing: what is delivered comes after, and goes before.
  const handOver = { ...onHub, dependsOn: [argoCd.chart, ...registered] };
  new RootApplication("root", { ...inArgoCd, project: projects.bootstrap, git, environment }, handOver);
  new ServicesApplicationSet(
    "services",
    {
      ...inArgoCd,
      project: projects.platform,
      git,
      environment,
      serviceNamespace: namespace,
      preserve,
      rolloutOrder: argocd.progressiveRollout ? destinations.map(({ name }) => name) : undefined,
    },
    handOver,
  );
  if (argocd.pullRequestPreviews) {
    new PreviewEnvironments(
      "previews",
      {
        ...inArgoCd,
        hub: hub.name,
        git,
        environment,
        // The rules have refused previews without a repository of GitHub and a token.
        pullRequests: { ...argocd.pullRequestPreviews, ...githubRepository(git.url)! },
        token: secrets.argocd.pullRequestToken!,
        namespacePrefix: `${previewRole(environment)}-`,
        namespaces: previews,
        developers: argocd.access.developers,
        vault: vaultStore(config.vault, environment, hub.name, previewRole(environment)),
      },
      handOver,
    );
  }
  return { environment, argocdUrl: `https://${argocd.domain}` };
}

// The Pulumi runtime calls what a CommonJS program exports, and does not look for `default` in it.
export = bootstrap;
