/** A chart that the platform installs, and the least that is safe of what it installs. */
export interface ChartVersion {
  /** Name in the repository, and of its folder in a chart mirror. */
  readonly chart: string;
  /** Address of the chart repository. */
  readonly repository: `https://${string}`;
  /** Exact version, in the chart's own spelling; cert-manager's charts keep a leading `v`. */
  readonly version: string;
  /** Version of the program that this chart version installs. */
  readonly appVersion: string;
  readonly securityFloor: {
    /** Lowest version of the program, in its release line, without a known vulnerability. */
    readonly appVersion: string;
    /** The advisories that raised the floor to here; empty where none is known and the pin itself is the floor. */
    readonly advisories: readonly string[];
  };
  /** Where the values of exactly this version are documented. */
  readonly values: string;
}

/** Every chart the platform installs. Raising a version here is an upgrade; see docs/runbooks/upgrade.md. */
export const chartVersions = {
  argoCd: {
    chart: "argo-cd",
    repository: "https://argoproj.github.io/argo-helm",
    version: "10.1.1",
    appVersion: "3.4.4",
    securityFloor: {
      appVersion: "3.4.2",
      advisories: ["CVE-2026-42880", "CVE-2026-45737", "CVE-2026-45738"],
    },
    values: "https://github.com/argoproj/argo-helm/blob/argo-cd-10.1.1/charts/argo-cd/values.yaml",
  },
  argoRollouts: {
    chart: "argo-rollouts",
    repository: "https://argoproj.github.io/argo-helm",
    version: "2.41.0",
    appVersion: "1.9.0",
    securityFloor: { appVersion: "1.9.0", advisories: [] },
    values:
      "https://github.com/argoproj/argo-helm/blob/argo-rollouts-2.41.0/charts/argo-rollouts/values.yaml",
  },
  sealedSecrets: {
    chart: "sealed-secrets",
    repository: "https://bitnami.github.io/sealed-secrets",
    version: "2.19.1",
    appVersion: "0.38.4",
    securityFloor: { appVersion: "0.36.0", advisories: ["CVE-2026-22728"] },
    values:
      "https://github.com/bitnami/sealed-secrets/blob/d6bd5908cc05dd7a9be0f8564ea5e18578020f12/helm/sealed-secrets/values.yaml",
  },
  externalSecrets: {
    chart: "external-secrets",
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    appVersion: "2.9.0",
    securityFloor: {
      appVersion: "2.4.0",
      advisories: ["CVE-2024-45041", "CVE-2025-55196", "CVE-2026-22822", "CVE-2026-34984", "CVE-2026-42875"],
    },
    values:
      "https://github.com/external-secrets/external-secrets/blob/helm-chart-2.9.0/deploy/charts/external-secrets/values.yaml",
  },
  certManager: {
    chart: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: "v1.21.1",
    appVersion: "1.21.1",
    securityFloor: { appVersion: "1.19.3", advisories: ["CVE-2024-12401", "CVE-2026-25518"] },
    values:
      "https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml",
  },
} as const satisfies Record<string, ChartVersion>;

export type ChartName = keyof typeof chartVersions;
