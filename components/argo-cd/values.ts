import { type CloudIdentity, renderWorkloadIdentity } from "../clusters/cloud-identity";
import { clusterIssuerName } from "../cert-manager/cluster-issuer-name";
import { renderNotifications } from "./notifications";
import { renderPolicyCsv, type Access } from "./rbac";
import { renderSso, type SingleSignOn } from "./sso";

/** How people and webhooks reach Argo CD. */
export type Exposure =
  /** Port-forward only. */
  | { readonly kind: "none" }
  /** An Ingress of this class, with a certificate from cert-manager. */
  | { readonly kind: "ingress"; readonly className: string }
  /** A route on a Gateway that ends TLS. */
  | { readonly kind: "gateway"; readonly gateway: GatewayReference };

export interface GatewayReference {
  readonly name: string;
  readonly namespace: string;
  readonly sectionName?: string | undefined;
}

/** The git server, as far as trusting it goes. */
export interface GitServer {
  /** Address of the repository. */
  readonly url: string;
  /** Certificate authority, PEM; omitted, the public ones. */
  readonly caCertificate?: string | undefined;
  /** Lines added to the known hosts that Argo CD ships with. */
  readonly sshKnownHosts?: string | undefined;
}

/** What decides the values of the Argo CD chart. Nothing here is secret: values name Secrets and keys only. */
export interface ArgoCdValuesArgs {
  readonly domain: string;
  readonly highAvailability: boolean;
  readonly exposure: Exposure;
  /** Omitted, the local admin account stays on. */
  readonly sso?: SingleSignOn | undefined;
  readonly access: Access;
  readonly git: GitServer;
  /** Who Argo CD is to the clouds of its clusters; omitted, it needs none or the cloud alone knows. */
  readonly cloudIdentity?: CloudIdentity | undefined;
  /** Omitted, the notifications controller is not installed. */
  readonly slackChannel?: string | undefined;
  /** Whether pushes are announced by webhook. */
  readonly webhook: boolean;
  /** Keep the CRDs, and with them all Applications, when the chart is removed. */
  readonly keepCrds: boolean;
  /** Omitted, no ApplicationSet may ask a code host. `api` is the only one that is asked; omitted, github.com's. */
  readonly pullRequestPreviews?: { readonly api?: string | undefined } | undefined;
  /** Install the controller that updates a stack's clusters one group after the other. */
  readonly progressiveRollout: boolean;
}

/** Name of the Secret that holds what webhooks are signed with, as `secret`. */
export const webhookSecret = "argocd-webhook";

// Argo CD believes a webhook of a git host for which it knows no secret, so that whoever calls need only pretend to come
// from one. Therefore all of them must know it, also those that nobody uses.
const webhookKeys = [
  "webhook.azuredevops.password",
  "webhook.azuredevops.username",
  "webhook.bitbucket.uuid",
  "webhook.bitbucketserver.secret",
  "webhook.github.secret",
  "webhook.gitlab.secret",
  "webhook.gogs.secret",
];

function resources(cpu: string, memory: string, memoryLimit: string) {
  return { requests: { cpu, memory }, limits: { memory: memoryLimit } };
}

function replicated(highAvailability: boolean) {
  return highAvailability ? { replicas: 2, pdb: { enabled: true, minAvailable: 1 } } : {};
}

const redisResources = resources("50m", "64Mi", "256Mi");
const redisBudget = { minAvailable: 2 };

const redisHighAvailability = {
  enabled: true,
  redis: { resources: redisResources },
  sentinel: { resources: redisResources },
  init: { resources: redisResources },
  splitBrainDetection: { resources: redisResources },
  podDisruptionBudget: redisBudget,
  // The chart denies all ingress by default and makes no policy of its own for these pods.
  networkPolicy: { enabled: true },
  haproxy: {
    resources: redisResources,
    init: { resources: redisResources },
    podDisruptionBudget: redisBudget,
    networkPolicy: {
      enabled: true,
      ingressRules: [
        { selectors: [{ podSelector: { matchLabels: { "app.kubernetes.io/part-of": "argocd" } } }] },
      ],
    },
  },
};

const probed = { livenessProbe: { enabled: true }, readinessProbe: { enabled: true } };

/** The ServiceMonitor that reads them all comes from git: infrastructure/argocd/monitoring. */
const measured = { metrics: { enabled: true } };

// Waves of an app of apps wait only if Application health is assessed, which Argo CD itself leaves out.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
const applicationHealth = `hs = { status = "Progressing", message = "" }
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  if obj.status.health.message ~= nil then
    hs.message = obj.status.health.message
  end
end
return hs
`;

function serverExposure(exposure: Exposure, domain: string) {
  switch (exposure.kind) {
    case "none":
      return {};
    case "ingress":
      return {
        ingress: {
          enabled: true,
          ingressClassName: exposure.className,
          hostname: domain,
          tls: true,
          annotations: {
            "cert-manager.io/cluster-issuer": clusterIssuerName,
            // An address may come minutes later or never (bare metal); the platform does not depend on it.
            "pulumi.com/skipAwait": "true",
          },
        },
      };
    case "gateway":
      return {
        httproute: { enabled: true, parentRefs: [{ ...exposure.gateway }], hostnames: [domain] },
      };
  }
}

/** Whom the ApplicationSet controller may ask, and with which Secrets. */
function codeHost(previews: ArgoCdValuesArgs["pullRequestPreviews"]) {
  return previews
    ? {
        "applicationsetcontroller.allowed.scm.providers": previews.api ?? "https://api.github.com",
        "applicationsetcontroller.enable.tokenref.strict.mode": "true",
      }
    : { "applicationsetcontroller.enable.scm.providers": "false" };
}

/**
 * Values of the argo-cd chart.
 * https://github.com/argoproj/argo-helm/blob/argo-cd-10.1.1/charts/argo-cd/values.yaml
 */
export function renderArgoCdValues(args: ArgoCdValuesArgs) {
  const exposed = args.exposure.kind !== "none";
  const workloadIdentity = renderWorkloadIdentity(args.cloudIdentity);
  return {
    global: {
      domain: args.domain,
      networkPolicy: { create: true, defaultDenyIngress: true },
    },
    crds: {
      install: true,
      keep: args.keepCrds,
      // Nothing else makes the engine wait until the API server serves what the next resources are made of.
      annotations: { "pulumi.com/waitFor": "condition=Established" },
    },
    // Argo CD needs no right outside its namespace and the ones it deploys into; those are granted by name.
    createClusterRoles: false,
    // The chart's only hook, which `helm.v4.Chart` does not run; the password comes from the stack instead.
    redisSecretInit: { enabled: false },
    dex:
      args.sso?.kind === "github"
        ? {
            ...probed,
            resources: resources("20m", "64Mi", "128Mi"),
            // Dex serves its health on the port of its metrics.
            ...measured,
          }
        : { enabled: false },
    configs: {
      cm: {
        "admin.enabled": String(args.sso === undefined),
        "application.resourceTrackingMethod": "annotation",
        "exec.enabled": "false",
        "helm.valuesFileSchemes": "https",
        // Kinds that Argo CD's account may not list are left out of its cache instead of failing the cluster.
        "resource.respectRBAC": "normal",
        "resource.customizations.health.argoproj.io_Application": applicationHealth,
        "timeout.reconciliation": "120s",
        "users.anonymous.enabled": "false",
        ...renderSso(args.sso),
      },
      params: {
        ...codeHost(args.pullRequestPreviews),
        "applicationsetcontroller.enable.progressive.syncs": String(args.progressiveRollout),
        "controller.repo.server.strict.tls": "false",
        // TLS ends at the Ingress or the Gateway.
        "server.insecure": String(exposed),
      },
      rbac: {
        "policy.default": "",
        "policy.csv": renderPolicyCsv(args.access.admins),
        scopes: "[groups]",
      },
      ...(args.git.caCertificate !== undefined && {
        tls: { certificates: { [new URL(args.git.url).hostname]: args.git.caCertificate } },
      }),
      ...(args.git.sshKnownHosts !== undefined && { ssh: { extraHosts: args.git.sshKnownHosts } }),
      ...(args.webhook && {
        secret: { extra: Object.fromEntries(webhookKeys.map((key) => [key, `$${webhookSecret}:secret`])) },
      }),
    },
    controller: {
      ...workloadIdentity,
      resources: resources("250m", "512Mi", "2Gi"),
      ...(args.highAvailability && { replicas: 2, pdb: { enabled: true, minAvailable: 1 } }),
      ...measured,
    },
    server: {
      ...workloadIdentity,
      resources: resources("100m", "128Mi", "512Mi"),
      ...replicated(args.highAvailability),
      ...serverExposure(args.exposure, args.domain),
      ...measured,
    },
    repoServer: {
      resources: resources("250m", "512Mi", "1Gi"),
      ...replicated(args.highAvailability),
      ...measured,
    },
    applicationSet: {
      ...probed,
      ...workloadIdentity,
      resources: resources("100m", "128Mi", "512Mi"),
      ...replicated(args.highAvailability),
      ...measured,
    },
    ...(args.highAvailability
      ? { "redis-ha": redisHighAvailability }
      : { redis: { resources: resources("50m", "64Mi", "256Mi") } }),
    notifications:
      args.slackChannel === undefined
        ? { enabled: false }
        : {
            ...renderNotifications(args.slackChannel, `https://${args.domain}`),
            ...probed,
            resources: resources("50m", "128Mi", "256Mi"),
            ...measured,
          },
  };
}
