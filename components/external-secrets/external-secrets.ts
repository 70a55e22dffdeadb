import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../chart-source";
import { restrictedNamespace } from "../restricted-namespace";

/** The account under which the controller runs; it asks for tokens in the name of stores. */
export const externalSecretsAccount = { name: "external-secrets", namespace: "external-secrets" };

export interface ExternalSecretsArgs {
  readonly chart: ChartSource;
  readonly highAvailability: boolean;
  readonly metrics: boolean;
  /** Keep the CRDs, and with them every store and ExternalSecret, when the chart is removed. */
  readonly keepCrds: boolean;
}

/** https://github.com/external-secrets/external-secrets/blob/helm-chart-2.9.0/deploy/charts/external-secrets/values.yaml */
export function renderExternalSecretsValues(args: Omit<ExternalSecretsArgs, "chart">) {
  const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };
  const shared = {
    resources,
    replicaCount: args.highAvailability ? 2 : 1,
    networkPolicy: { enabled: true },
    ...(args.highAvailability && { podDisruptionBudget: { enabled: true, minAvailable: 1 } }),
  };
  return {
    installCRDs: true,
    crds: {
      annotations: {
        "pulumi.com/waitFor": "condition=Established",
        ...(args.keepCrds && { "helm.sh/resource-policy": "keep" }),
      },
      createClusterExternalSecret: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createClusterSecretStore: false,
      createPushSecret: false,
    },
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processClusterStore: false,
    processPushSecret: false,
    // The right to take any account's token is replaced by one role per store; see vault-secret-store.ts.
    rbac: { serviceAccountTokenCreate: false },
    ...shared,
    leaderElect: args.highAvailability,
    webhook: shared,
    // A second one would call itself ready before the first has injected the webhook's certificate.
    certController: { resources, networkPolicy: { enabled: true } },
    serviceMonitor: { enabled: args.metrics },
  };
}

/** The operator that fills Secrets from Vault. */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** The installed chart: stores depend on its CRDs and its webhook. */
  readonly chart: kubernetes.helm.v4.Chart;

  constructor(name: string, args: ExternalSecretsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:external-secrets:ExternalSecrets", name, {}, opts);
    const { namespace } = externalSecretsAccount;
    const created = restrictedNamespace(`${name}-namespace`, namespace, { parent: this });
    this.chart = new kubernetes.helm.v4.Chart(
      name,
      { ...args.chart, name: "external-secrets", namespace, values: renderExternalSecretsValues(args) },
      { parent: this, dependsOn: created },
    );
    this.registerOutputs({});
  }
}
