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

/** https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml */
export function renderCertManagerValues(args: Omit<CertManagerArgs, "chart">) {
  const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } };
  // A typed argument of the component would erase the same key here, so every value is said in this one place.
  return {
    crds: { enabled: true, keep: args.keepCrds },
    replicaCount: args.highAvailability ? 2 : 1,
    ...(args.highAvailability && { podDisruptionBudget: { enabled: true, minAvailable: 1 } }),
    resources,
    webhook: { resources, replicaCount: args.highAvailability ? 2 : 1 },
    cainjector: { resources },
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
    this.release = new certManager.CertManager(
      name,
      {
        helmOptions: {
          ...args.chart,
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
