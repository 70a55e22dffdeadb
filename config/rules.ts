import { Cron } from "croner";
import semver from "semver";
import { type ChartVersion, chartVersions } from "../components/chart-versions";
import policyPack from "../policy-pack/package.json";
import { certificateProblem, validFrom } from "./certificates";
import { githubRepository } from "./derive";
import type { Environment } from "./environment";
import { durationMinutes, loopbackHost } from "./formats";
import type { Problem } from "./problem";
import type { ResolvedConfig } from "./clusters";
import { apiServer } from "./schema";
import { minutesOpen } from "./sync-windows";

/** What a rule may look at beside the configuration itself. */
export interface RuleFacts {
  readonly environment: Environment;
  /** Whether Pulumi stores the value of this top-level key encrypted. */
  readonly isSecret: (key: string) => boolean;
  readonly now: Date;
}

type Rule = (config: ResolvedConfig, facts: RuleFacts) => Problem[];

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function holdsText(value: unknown): boolean {
  if (typeof value === "string") return true;
  return value !== null && typeof value === "object" && Object.values(value).some(holdsText);
}

const secretsAreEncrypted: Rule = (config, { isSecret }) =>
  !holdsText(config.secrets) || isSecret("secrets")
    ? []
    : [
        {
          path: "secrets",
          message:
            "is stored in plain text; set each value with `pulumi config set --secret --path secrets.<key>`",
        },
      ];

const clusterNamesAreUnique: Rule = (config) =>
  config.spokes.flatMap((spoke, index) => {
    const path = `spokes[${index}].name`;
    if (spoke.name === config.hub.name)
      return [{ path, message: `"${spoke.name}" is also hub.name; give each cluster its own name` }];
    const first = config.spokes.findIndex((other) => other.name === spoke.name);
    return first < index
      ? [{ path, message: `"${spoke.name}" is also spokes[${first}].name; give each cluster its own name` }]
      : [];
  });

const clusterServersAreUnique: Rule = ({ hub, spokes }) => {
  const servers = [
    { path: "hub", server: hub.server === undefined ? undefined : apiServer.safeParse(hub.server).data },
    ...spokes.map(({ server }, index) => ({ path: `spokes[${index}].server`, server })),
  ];
  return servers.flatMap(({ path, server }, index) => {
    const first = server === undefined ? index : servers.findIndex((other) => other.server === server);
    return first < index
      ? [
          {
            path,
            message: `"${server}" is also the address of ${servers[first]!.path.replace(/\.server$/, "")}; Argo CD knows a cluster by its address, give each its own`,
          },
        ]
      : [];
  });
};

const addressesAreReachable: Rule = (config) => {
  if (config.allowLoopbackAddresses) return [];
  const addresses = [
    { path: "git.url", url: config.git.url },
    ...config.spokes.map((spoke, index) => ({ path: `spokes[${index}].server`, url: spoke.server })),
  ];
  return addresses
    .filter(({ url }) => loopbackHost.test(hostOf(url)))
    .map(({ path, url }) => ({
      path,
      message: `"${url}" is a loopback address, which Argo CD's pods cannot reach; give the address other machines use`,
    }));
};

const kubeconfigsBelongToClusters: Rule = (config) => {
  const names = new Set([config.hub.name, ...config.spokes.map((spoke) => spoke.name)]);
  return Object.keys(config.secrets.kubeconfigs)
    .filter((name) => !names.has(name))
    .map((name) => ({
      path: `secrets.kubeconfigs.${name}`,
      message: "belongs to no cluster of this stack; name it like the hub or a spoke, or remove it",
    }));
};

const certificatesAreValid: Rule = (config, { now }) => {
  const certificates = [
    { path: "git.caCertificate", pem: config.git.caCertificate },
    { path: "vault.caCertificate", pem: config.vault?.caCertificate },
    ...config.spokes.map((spoke, index) => ({
      path: `spokes[${index}].caCertificate`,
      pem: spoke.caCertificate,
    })),
  ];
  return certificates.flatMap(({ path, pem }) => {
    const message = pem === undefined ? undefined : certificateProblem(pem, now);
    return message ? [{ path, message }] : [];
  });
};

const identityOf = { gke: "gcp", aks: "azure" } as const;

const cloudIdentityFitsSpokes: Rule = ({ argocd, spokes }) =>
  spokes.flatMap(({ credentials: { kind } }, index) => {
    if (kind !== "gke" && kind !== "aks") return [];
    const wanted = identityOf[kind];
    if (argocd.cloudIdentity?.kind === wanted) return [];
    return [
      {
        path: `spokes[${index}].credentials.kind`,
        message: `"${kind}" needs argocd.cloudIdentity of kind ${wanted}, by which the cluster knows Argo CD; set that`,
      },
    ];
  });

const gitCredentialsFitAddress: Rule = ({ git, secrets }) => {
  const uses = [
    { path: "secrets.git", address: "git.url", url: git.url, credentials: secrets.git },
    ...git.credentialTemplates.map(({ name, url }, index) => ({
      path: `secrets.credentialTemplates.${name}`,
      address: `git.credentialTemplates[${index}].url`,
      url,
      credentials: secrets.credentialTemplates[name],
    })),
  ];
  return uses.flatMap(({ path, address, url, credentials }) => {
    const ssh = url.startsWith("ssh:");
    if (!credentials || ssh === "sshPrivateKey" in credentials) return [];
    return [
      {
        path,
        message: ssh
          ? `must be an sshPrivateKey for an ssh:// ${address}`
          : `must be username and password, or a githubApp, for an https:// ${address}`,
      },
    ];
  });
};

const credentialTemplatesAreComplete: Rule = ({ git, secrets }) => {
  const templates = git.credentialTemplates;
  const stored = Object.keys(secrets.credentialTemplates);
  return [
    ...templates.flatMap(({ name, url }, index) => {
      const path = `git.credentialTemplates[${index}]`;
      const twin = templates.findIndex((other) => other.name === name || other.url === url);
      return [
        ...(twin < index
          ? [{ path, message: `has the name or the url of git.credentialTemplates[${twin}]; keep one` }]
          : []),
        ...(stored.includes(name)
          ? []
          : [
              {
                path: `secrets.credentialTemplates.${name}`,
                message: `is missing, but ${path} names it; set it`,
              },
            ]),
      ];
    }),
    ...stored
      .filter((name) => !templates.some((template) => template.name === name))
      .map((name) => ({
        path: `secrets.credentialTemplates.${name}`,
        message: "belongs to no entry of git.credentialTemplates; add that, or remove this",
      })),
  ];
};

const productionIsHardened: Rule = (config, { environment }) => {
  if (environment !== "production") return [];
  const problems: Problem[] = [];
  if (!config.argocd.highAvailability)
    problems.push({ path: "argocd.highAvailability", message: "must be true in production" });
  if (!config.argocd.sso)
    problems.push({
      path: "argocd.sso",
      message: "is missing; production has no local admin, so nobody could log in",
    });
  if (config.argocd.syncWindows.length === 0)
    problems.push({ path: "argocd.syncWindows", message: "is empty; production needs at least one window" });
  return problems;
};

const ssoIsComplete: Rule = (config) => {
  if (!config.argocd.sso) return [];
  const problems: Problem[] = [];
  if (!config.secrets.argocd.oidcClientSecret)
    problems.push({ path: "secrets.argocd.oidcClientSecret", message: "is missing, but argocd.sso is set" });
  if (config.argocd.access.admins.length === 0)
    problems.push({
      path: "argocd.access.admins",
      message: "names no group, so that nobody could administer Argo CD; name one",
    });
  return problems;
};

const sealingKeyIsTheNewest: Rule = ({ secrets: { sealingKey, retiredSealingKeys } }) => {
  if (!sealingKey) {
    return retiredSealingKeys.length === 0
      ? []
      : [
          {
            path: "secrets.sealingKey",
            message: "is missing, but secrets.retiredSealingKeys holds its predecessors; set it",
          },
        ];
  }
  // What cannot be read, doctor reports.
  const own = validFrom(sealingKey.certificate);
  return retiredSealingKeys.flatMap(({ certificate }, index) => {
    const from = validFrom(certificate);
    return !own || !from || from < own
      ? []
      : [
          {
            path: `secrets.retiredSealingKeys[${index}]`,
            message:
              "is not older than secrets.sealingKey, so that the controller would go on sealing with it; exchange them",
          },
        ];
  });
};

const slackIsComplete: Rule = (config) =>
  (config.argocd.slackChannel === undefined) === (config.secrets.argocd.slackToken === undefined)
    ? []
    : [
        {
          path: "argocd.slackChannel",
          message: "and secrets.argocd.slackToken go together; set both or neither",
        },
      ];

const previewsAreComplete: Rule = ({ argocd, git, secrets }, { environment }) => {
  const previews = argocd.pullRequestPreviews;
  if (!previews) return [];
  const path = "argocd.pullRequestPreviews";
  const isGithub = hostOf(git.url) === "github.com" || previews.api !== undefined;
  return [
    ...(environment === "dev" ? [] : [{ path, message: "belongs to dev only; remove it" }]),
    ...(secrets.argocd.pullRequestToken
      ? []
      : [{ path: "secrets.argocd.pullRequestToken", message: `is missing, but ${path} is set` }]),
    ...(isGithub && githubRepository(git.url)
      ? []
      : [
          {
            path,
            message: `asks GitHub, but git.url "${git.url}" is no repository of github.com; set ${path}.api for a GitHub Enterprise server, or remove it`,
          },
        ]),
  ];
};

const exposedServerHasWebhookSecret: Rule = (config) =>
  config.argocd.exposure.kind !== "none" && !config.secrets.argocd.webhookSecret
    ? [
        {
          path: "secrets.argocd.webhookSecret",
          message:
            "is missing, but argocd.exposure opens /api/webhook to others; set a random value of 16 characters or more",
        },
      ]
    : [];

const exposedServerHasCertificate: Rule = (config) =>
  config.argocd.exposure.kind === "ingress" && !config.certManager
    ? [
        {
          path: "certManager",
          message: "is missing, but argocd.exposure needs a certificate for argocd.domain",
        },
      ]
    : [];

const challengeCanBeAnswered: Rule = (config) =>
  config.certManager && config.argocd.exposure.kind === "none"
    ? [
        {
          path: "certManager",
          message:
            "needs argocd.exposure, through which the certificate authority reaches the cluster; set that or remove this",
        },
      ]
    : [];

const acmeStagingHosts = new Set(["acme-staging-v02.api.letsencrypt.org"]);

const acmeServerFitsEnvironment: Rule = (config, { environment }) => {
  if (!config.certManager) return [];
  const staging = acmeStagingHosts.has(hostOf(config.certManager.acmeServer));
  if (staging !== (environment === "production")) return [];
  return staging
    ? [
        {
          path: "certManager.acmeServer",
          message:
            "is the staging directory, whose certificates no browser trusts; use https://acme-v02.api.letsencrypt.org/directory in production",
        },
      ]
    : hostOf(config.certManager.acmeServer) === "acme-v02.api.letsencrypt.org"
      ? [
          {
            path: "certManager.acmeServer",
            message: `spends production rate limits in ${environment}; use https://acme-staging-v02.api.letsencrypt.org/directory`,
          },
        ]
      : [];
};

// Any year does; one with a leap day sees every date that a schedule can name.
const intervalsFrom = new Date("2028-01-01T00:00:00Z");

/** Minutes between the two starts of a schedule that lie nearest to each other. */
function shortestInterval(schedule: string): number {
  const starts = new Cron(schedule, { mode: "5-part", paused: true, timezone: "UTC" }).nextRuns(
    100,
    intervalsFrom,
  );
  const gaps = starts.slice(1).map((start, index) => start.getTime() - starts[index]!.getTime());
  return Math.min(...gaps) / 60_000;
}

const chartVersionsAreSpelledAsTheCharts: Rule = ({ versions }) =>
  Object.values<ChartVersion>(chartVersions).flatMap(({ chart, version: pin }) => {
    const version = versions.charts[chart as keyof typeof versions.charts];
    if (version === undefined || version.startsWith("v") === pin.startsWith("v")) return [];
    return [
      {
        path: `versions.charts.${chart}`,
        message: `"${version}" is not how this chart spells its versions; write it like ${pin}`,
      },
    ];
  });

// An older checkout would judge by rules that this environment has left behind.
const policyPackIsNotOlder: Rule = ({ versions: { policy } }) =>
  policy === undefined || semver.lte(policy, policyPack.version)
    ? []
    : [
        {
          path: "versions.policy",
          message: `"${policy}" is newer than the policy pack of this checkout, ${policyPack.version}; use a checkout that holds it`,
        },
      ];

const syncWindowsOpenAndClose: Rule = (config) =>
  config.argocd.syncWindows.flatMap((window, index) => {
    const path = `argocd.syncWindows[${index}]`;
    const problems: Problem[] = [];
    if (durationMinutes(window.duration) >= shortestInterval(window.schedule)) {
      problems.push({
        path: `${path}.duration`,
        message: `${window.duration} is not shorter than the interval of "${window.schedule}", so that the window never closes; shorten it`,
      });
    }
    const identity = (other: typeof window) => JSON.stringify({ ...other, manualSync: undefined });
    const first = config.argocd.syncWindows.findIndex((other) => identity(other) === identity(window));
    if (first < index)
      problems.push({ path, message: `is the same window as argocd.syncWindows[${first}]; remove one` });
    return problems;
  });

/** Whether a window concerns every Application that these patterns name. */
export function concernsAll(
  window: { readonly applications: readonly string[] },
  patterns: readonly string[],
): boolean {
  return (
    window.applications.includes("*") || patterns.every((pattern) => window.applications.includes(pattern))
  );
}

const allowWindowsAreNotShadowed: Rule = (config) =>
  config.argocd.syncWindows.flatMap((window, index) => {
    if (window.kind !== "allow") return [];
    const denying = config.argocd.syncWindows.filter(
      (other) => other.kind === "deny" && concernsAll(other, window.applications),
    );
    const { open, denied } = minutesOpen(window, denying);
    return denied < open
      ? []
      : [
          {
            path: `argocd.syncWindows[${index}]`,
            message: `is open ${open} minutes a year, all of which other windows deny, so that nothing is ever delivered; move one of them`,
          },
        ];
  });

const rules: readonly Rule[] = [
  secretsAreEncrypted,
  clusterNamesAreUnique,
  clusterServersAreUnique,
  addressesAreReachable,
  kubeconfigsBelongToClusters,
  certificatesAreValid,
  cloudIdentityFitsSpokes,
  gitCredentialsFitAddress,
  credentialTemplatesAreComplete,
  productionIsHardened,
  ssoIsComplete,
  sealingKeyIsTheNewest,
  slackIsComplete,
  previewsAreComplete,
  exposedServerHasWebhookSecret,
  exposedServerHasCertificate,
  challengeCanBeAnswered,
  acmeServerFitsEnvironment,
  chartVersionsAreSpelledAsTheCharts,
  policyPackIsNotOlder,
  syncWindowsOpenAndClose,
  allowWindowsAreNotShadowed,
];

/** Everything that two or more keys, or a key and the world, say against each other. */
export function crossFieldProblems(config: ResolvedConfig, facts: RuleFacts): Problem[] {
  return rules.flatMap((rule) => rule(config, facts));
}
