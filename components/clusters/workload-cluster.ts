import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgoRollouts } from "../argo-rollouts/argo-rollouts";
import { chartSource, type ChartSettings } from "../chart-source";
import { restrictedNamespace } from "../restricted-namespace";
import { ExternalSecrets } from "../external-secrets/external-secrets";
import { VaultSecretStore, type VaultSecretStoreArgs } from "../external-secrets/vault-secret-store";
import { SealedSecrets, type SealingKey } from "../sealed-secrets/sealed-secrets";
import { DeployerAccess } from "./deployer-access";

export interface WorkloadClusterArgs {
  /** Namespace of the services, the same on every cluster of an environment. */
  readonly serviceNamespace: string;
  readonly charts: ChartSettings;
  /** Argo CD's identities on this cluster, and what they may do in the namespace of the services. */
  readonly deployers: kubernetes.types.input.rbac.v1.Subject[];
  readonly rules: kubernetes.types.input.rbac.v1.PolicyRule[];
  /** Omitted, services get no secrets from Vault. */
  readonly vault?: Omit<VaultSecretStoreArgs, "namespace"> | undefined;
  readonly sealingKey?: SealingKey | undefined;
  readonly retiredSealingKeys: readonly SealingKey[];
  readonly highAvailability: boolean;
  readonly metrics: boolean;
  /** Address of the Prometheus that judges canaries, as the cluster's own pods reach it. */
  readonly prometheusAddress?: string | undefined;
  /** Keep CRDs, the namespace and what runs in it when they leave the stack. */
  readonly retain: boolean;
}

/** Everything that services need on one cluster: their namespace, their controllers, and a hand that may deliver them. */
export class WorkloadCluster extends pulumi.ComponentResource {
  constructor(name: string, args: WorkloadClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:clusters:WorkloadCluster", name, {}, opts);
    const { charts, highAvailability, metrics, retain } = args;
    const parent = { parent: this };

    const services = restrictedNamespace(`${name}-services`, args.serviceNamespace, {
      ...parent,
      protect: retain,
      retainOnDelete: retain,
    });
    new SealedSecrets(
      `${name}-sealed-secrets`,
      {
        chart: chartSource("sealedSecrets", charts),
        sealingKey: args.sealingKey,
        retiredKeys: args.retiredSealingKeys,
        metrics,
        keepCrds: retain,
      },
      parent,
    );
    new ArgoRollouts(
      `${name}-argo-rollouts`,
      {
        chart: chartSource("argoRollouts", charts),
        highAvailability,
        metrics,
        prometheusAddress: args.prometheusAddress,
        keepCrds: retain,
      },
      parent,
    );
    const externalSecrets = new ExternalSecrets(
      `${name}-external-secrets`,
      { chart: chartSource("externalSecrets", charts), highAvailability, metrics, keepCrds: retain },
      parent,
    );
    if (args.vault) {
      new VaultSecretStore(
        `${name}-vault`,
        { ...args.vault, namespace: services.metadata.name },
        { ...parent, dependsOn: externalSecrets.chart },
      );
    }
    new DeployerAccess(
      `${name}-deployer`,
      { namespace: services.metadata.name, rules: args.rules, subjects: args.deployers },
      parent,
    );
    this.registerOutputs({});
  }
}
