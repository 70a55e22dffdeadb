import * as kubernetes from "@pulumi/kubernetes";
import * as certManager from "@pulumi/kubernetes-cert-manager";
import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../chart-source";
import { restrictedNamespace } from "../restricted-namespace";

export interface CertManagerArgs {
  readonly chart: ChartSource;
  readonly highAvailability: boolean;
  /** Keep the CRDs, and with them every Certificate, when the release is removed. */
  readonly keepCrds: boolean;
}

const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };

/**
 * What the component has typed arguments for. It writes every one of them over the same key of the values, also those
 * that are not set, so each key must be said here or there and never in both places.
 */
export function renderCertManagerArgs(args: Omit<CertManagerArgs, "chart">) {
  const replicaCount = args.highAvailability ? 2 : 1;
  return {
    replicaCount,
    resources,
    webhook: { resources, replicaCount },
    cainjector: { resources, replicaCount },
  };
}

/**
 * Values that the component has no argument for.
 * https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml
 */
export function renderCertManagerValues(args: Omit<CertManagerArgs, "chart">) {
  return {
    crds: { enabled: true, keep: args.keepCrds },
    ...(args.highAvailability && { podDisruptionBudget: { enabled: true, minAvailable: 1 } }),
  };
}

/** Certificates from an ACME authority, through Pulumi's component for cert-manager. */
export class CertManager extends pulumi.ComponentResource {
  /** The installed release: issuers depend on its CRDs and its webhook. */
  readonly release: certManager.CertManager;

  constructor(name: string, args: CertManagerArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:cert-manager:CertManager", name, {}, opts);
    const namespace = "cert-manager";
    const created = restrictedNamespace(`${name}-namespace`, namespace, { parent: this });
    // The component's typed arguments leave no room for the chart's own policies of webhook and CA injector.
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      {
        metadata: { name: "cert-manager", namespace },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [
            { ports: ["https", "healthcheck", "http-metrics"].map((port) => ({ port, protocol: "TCP" })) },
          ],
        },
      },
      { parent: this, dependsOn: created },
    );
    this.release = new certManager.CertManager(
      name,
      {
        ...renderCertManagerArgs(args),
        helmOptions: {
          ...args.chart,
          // Without this the component looks for a chart folder of a mirror in its own public repository.
          repositoryOpts: args.chart.repositoryOpts ?? { repo: "" },
          // A generated name would change when the release is replaced, and its CRDs would then belong to another release.
          name: "cert-manager",
          namespace,
          values: renderCertManagerValues(args),
        },
      },
      { parent: this, dependsOn: created },
    );
    this.registerOutputs({});
  }
}
