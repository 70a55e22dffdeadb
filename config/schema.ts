import { chartVersions } from "../components/chart-versions";
import { z } from "zod";
import {
  cronSchedule,
  dnsLabel,
  exactVersion,
  gitRevision,
  gitUrl,
  groupName,
  hostName,
  httpsUrl,
  issuerUrl,
  pemCertificates,
  timeZone,
  windowDuration,
} from "./formats";

const chartNames = Object.values(chartVersions).map(({ chart }) => chart);

/** How Pulumi itself reaches a cluster. */
const connection = z.strictObject({
  /** The context to use; omitted, the kubeconfig's current-context, which must then be set. */
  context: z.string().min(1).optional(),
  /** Path of a kubeconfig file; omitted, `secrets.kubeconfigs.<cluster>` holds the kubeconfig itself. */
  kubeconfig: z.string().min(1).optional(),
});

const hub = z.strictObject({
  /** Name of the cluster in Argo CD, in the names of its Applications and in its Vault mount. */
  name: dnsLabel,
  connection: connection.prefault({}),
});

const serviceAccountCredentials = z.strictObject({
  kind: z.literal("serviceAccount"),
  /** Which of the two tokens Argo CD uses. Both exist, so that switching leaves no gap; see docs/runbooks/rotate-a-cluster.md. */
  activeToken: z.enum(["a", "b"]).default("a"),
  /** Raise a token's number to have it issued anew; only the token that is not active may change. */
  generation: z.strictObject({ a: z.int().min(1).default(1), b: z.int().min(1).default(1) }).prefault({}),
});

const awsRole = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
    "is not the ARN of an IAM role; write it like arn:aws:iam::111122223333:role/argocd",
  );

/** A token of the spoke's own account, or the identity that Argo CD's pods have in the cloud. */
const spokeCredentials = z.discriminatedUnion("kind", [
  serviceAccountCredentials,
  z.strictObject({
    kind: z.literal("eks"),
    clusterName: z.string().min(1),
    /** A role that Argo CD's own assumes for this cluster; omitted, its own is used. */
    roleArn: awsRole.optional(),
  }),
  z.strictObject({ kind: z.literal("gke") }),
  z.strictObject({
    kind: z.literal("aks"),
    /** The cloud's name as Azure's login knows it. */
    cloud: z.string().min(1).default("AzurePublicCloud"),
  }),
]);

/** The format of an API server's address, for one that a kubeconfig states. */
export const apiServer = httpsUrl({ path: false });

const spoke = z.strictObject({
  name: dnsLabel,
  connection: connection.prefault({}),
  /** The address under which Argo CD reaches the API server; omitted, the kubeconfig's. */
  server: apiServer.optional(),
  /** The certificate authority of the API server, PEM; omitted, the kubeconfig's. */
  caCertificate: pemCertificates.optional(),
  credentials: spokeCredentials.prefault({ kind: "serviceAccount" }),
  /** Further labels of the cluster Secret, for the selectors of ApplicationSets. */
  labels: z.record(z.string(), z.string()).default({}),
  /**
   * First step of removing a cluster: from now on its workloads outlive its Applications, as they always do outside dev.
   * Remove the entry only after that has been applied; see docs/runbooks/remove-a-cluster.md.
   */
  unregister: z.boolean().default(false),
});

const git = z.strictObject({
  /** The repository that holds `infrastructure/`. */
  url: gitUrl,
  /** Branch, tag or commit that Argo CD follows. */
  revision: gitRevision.default("main"),
  /** Credentials for every repository below an address; each has its secret in `secrets.credentialTemplates.<name>`. */
  credentialTemplates: z.array(z.strictObject({ name: dnsLabel, url: gitUrl })).default([]),
  /** Certificate authority of the git server, PEM, where it is not a public one. */
  caCertificate: pemCertificates.optional(),
  /** Lines for known_hosts, where the ssh server is none of those Argo CD ships with. */
  sshKnownHosts: z.string().optional(),
});

const exposure = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({ kind: z.literal("ingress"), className: z.string().min(1) }),
  z.strictObject({
    kind: z.literal("gateway"),
    /** The Gateway, managed elsewhere, whose listener ends TLS for the domain. */
    gateway: z.strictObject({ name: dnsLabel, namespace: dnsLabel, sectionName: dnsLabel.optional() }),
  }),
]);

const sso = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("oidc"),
    /** Shown on the login button. */
    name: z.string().min(1),
    /** As the provider spells it, also with a slash at its end. */
    issuer: issuerUrl,
    clientId: z.string().min(1),
    scopes: z.array(z.string().min(1)).min(1).default(["openid", "profile", "email", "groups"]),
  }),
  /** Through Dex, since GitHub speaks no OpenID Connect; a team is the group `<organization>:<team>`. */
  z.strictObject({
    kind: z.literal("github"),
    organization: z.string().regex(/^[A-Za-z0-9-]+$/, "is not an organization of GitHub"),
    /** Of an OAuth app whose callback is https://<argocd.domain>/api/dex/callback. */
    clientId: z.string().min(1),
  }),
]);

/** Who Argo CD's pods are in the cloud of the hub; not needed with EKS Pod Identity, which is set up in the cloud alone. */
const cloudIdentity = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("aws"), roleArn: awsRole }),
  z.strictObject({ kind: z.literal("gcp"), serviceAccount: z.email() }),
  z.strictObject({
    kind: z.literal("azure"),
    clientId: z.guid(),
    tenantId: z.guid(),
    /** Object id of the managed identity: as which the spokes know it. */
    principalId: z.guid(),
  }),
]);

const syncWindow = z.strictObject({
  kind: z.enum(["allow", "deny"]),
  schedule: cronSchedule,
  duration: windowDuration,
  timeZone,
  /** Glob patterns over Application names. */
  applications: z.array(z.string().min(1)).min(1).default(["*"]),
  /** Whether people may sync by hand while automated sync is held back. */
  manualSync: z.boolean().default(false),
});

const argocd = z.strictObject({
  /** Host name of the user interface and API. */
  domain: hostName,
  /** Several replicas, Redis with failover and disruption budgets; needs three nodes. */
  highAvailability: z.boolean().default(false),
  exposure: exposure.prefault({ kind: "none" }),
  /** How people log in; the client's secret is `secrets.argocd.oidcClientSecret`. Omitted, only the local admin can. */
  sso: sso.optional(),
  /** Groups of the identity provider per role; nobody else sees anything. */
  access: z
    .strictObject({
      /** Everything in Argo CD but a shell in a pod. */
      admins: z.array(groupName).default([]),
      /** See, sync and repair services: delete single objects, change an Application. */
      projectAdmins: z.array(groupName).default([]),
      /** See and sync services, read their logs, drive their rollouts. */
      developers: z.array(groupName).default([]),
    })
    .prefault({}),
  /** For spokes with credentials of kind eks, gke or aks. */
  cloudIdentity: cloudIdentity.optional(),
  syncWindows: z.array(syncWindow).default([]),
  /** Slack channel for deployed, failed and degraded Applications; the token is `secrets.argocd.slackToken`. */
  slackChannel: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/, "is not a Slack channel; leave out the #")
    .optional(),
  /** Update this stack's clusters one after the other, hub first; switches automated sync off (docs/decisions/0005). */
  progressiveRollout: z.boolean().default(false),
  /**
   * Run every service as the head of a labelled pull request of this repository has it; dev only, GitHub only. The token
   * is `secrets.argocd.pullRequestToken`. What it costs: docs/decisions/0006.
   */
  pullRequestPreviews: z
    .strictObject({
      /** Whoever may set this label admits the pull request, and what is pushed to it later, to the cluster. */
      label: z.string().min(1).default("preview"),
      /** How many namespaces pull requests share, by the remainder of their number. */
      namespaces: z.int().min(1).max(20).default(3),
      /** API of a GitHub Enterprise server; omitted, github.com's. */
      api: httpsUrl({ path: true }).optional(),
    })
    .optional(),
});

const certManager = z.strictObject({
  /** Where the certificate authority sends expiry warnings. */
  email: z.email(),
  /** ACME directory; the staging directory issues certificates that no browser trusts. */
  acmeServer: httpsUrl({ path: true }),
});

const vault = z.strictObject({
  server: httpsUrl({ path: true }),
  /** Mount path of the key/value engine, version 2. */
  path: z.string().min(1).default("secret"),
  /** Auth mount per cluster is `<authMountPrefix>/<cluster name>`, since every API server reviews its own tokens. */
  authMountPrefix: z
    .string()
    .regex(/^[a-z0-9/-]+[a-z0-9]$/)
    .default("kubernetes"),
  /** Audience that the role of every environment demands (Vault refuses roles without one since 1.21). */
  audience: z.string().min(1).default("vault"),
  /** Vault Enterprise namespace. */
  namespace: z.string().min(1).optional(),
  /** Certificate authority of Vault, PEM, where it is not a public one. */
  caCertificate: pemCertificates.optional(),
  /** Wait until the store is Ready during `up`; switch off only where Vault is made later than the cluster. */
  waitForReady: z.boolean().default(true),
});

const charts = z.strictObject({
  /** A folder of charts, or an oci:// prefix, that replaces the public repositories in closed networks. */
  mirror: z
    .string()
    .regex(/^(oci:\/\/|\/)/, "must be an absolute folder or begin with oci://")
    .optional(),
});

const versions = z.strictObject({
  /** Exact version per chart; a chart that is not named runs the version in components/chart-versions.ts. */
  charts: z
    .partialRecord(
      z.enum(chartNames),
      z.string().regex(exactVersion, "is not an exact version; write it like 10.1.1, without a range"),
    )
    .default({}),
  /** Oldest policy pack that may judge this stack, promoted with the charts; omitted, any. */
  policy: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is not an exact version; write it like 1.2.3")
    .optional(),
});

const privateKey = z.string().includes("PRIVATE KEY-----");

/** HTTPS, SSH or a GitHub App. */
const gitCredentials = z.union([
  z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
  z.strictObject({ sshPrivateKey: privateKey }),
  z.strictObject({
    githubApp: z.strictObject({
      id: z.coerce.string().regex(/^\d+$/),
      installationId: z.coerce.string().regex(/^\d+$/),
      privateKey,
      /** API of a GitHub Enterprise server; omitted, github.com. */
      enterpriseBaseUrl: httpsUrl({ path: true }).optional(),
    }),
  }),
]);

const sealingKey = z.strictObject({ certificate: pemCertificates, privateKey });

const secrets = z.strictObject({
  /** One kubeconfig per cluster whose connection names no file. */
  kubeconfigs: z.record(dnsLabel, z.string().min(1)).default({}),
  /** What opens `git.url`; omitted, it is public or a credential template opens it. */
  git: gitCredentials.optional(),
  credentialTemplates: z.record(dnsLabel, gitCredentials).default({}),
  /** The key pair that opens this environment's SealedSecrets, kept here so that a rebuilt cluster can read git. */
  sealingKey: sealingKey.optional(),
  /** Its predecessors, which open what git still holds sealed for them; append only. */
  retiredSealingKeys: z.array(sealingKey).default([]),
  argocd: z
    .strictObject({
      oidcClientSecret: z.string().min(1).optional(),
      slackToken: z.string().min(1).optional(),
      webhookSecret: z.string().min(16, "is shorter than 16 characters").optional(),
      pullRequestToken: z.string().min(1).optional(),
    })
    .prefault({}),
});

/** Everything a stack may say; unknown keys are refused. */
export const stackSchema = z.strictObject({
  hub,
  spokes: z.array(spoke).default([]),
  git,
  argocd,
  certManager: certManager.optional(),
  vault: vault.optional(),
  /**
   * Whether there is a Prometheus whose operator's CRDs are installed: Sealed Secrets and External Secrets then bring
   * their service monitors (git brings those of Argo CD, Argo Rollouts and the services), and Prometheus is let in.
   */
  metrics: z.boolean().default(false),
  /** Address of the Prometheus that judges canaries, as the pods of each cluster reach it. */
  prometheusAddress: z.url({ protocol: /^https?$/ }).optional(),
  charts: charts.prefault({}),
  /** What `platform promote --platform` moves from stack to stack. */
  versions: versions.prefault({}),
  /** Accept loopback addresses of clusters and git, for a stack whose parts share one machine. */
  allowLoopbackAddresses: z.boolean().default(false),
  secrets: secrets.prefault({}),
});

export type StackInput = z.output<typeof stackSchema>;
export type HubConfig = StackInput["hub"];
export type SpokeInput = StackInput["spokes"][number];
export type GitConfig = StackInput["git"];
export type ArgoCdConfig = StackInput["argocd"];
export type CertManagerConfig = NonNullable<StackInput["certManager"]>;
export type VaultConfig = NonNullable<StackInput["vault"]>;
export type SecretsInput = StackInput["secrets"];
