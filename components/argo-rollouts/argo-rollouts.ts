import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../chart-source";
import { restrictedNamespace } from "../restricted-namespace";

export interface ArgoRolloutsArgs {
  readonly chart: ChartSource;
  readonly highAvailability: boolean;
  readonly metrics: boolean;
  /** Address of the Prometheus that judges canaries; omitted, an analysis has to name one itself. */
  readonly prometheusAddress?: string | undefined;
  /** Keep the CRDs, and with them every Rollout, when the chart is removed. */
  readonly keepCrds: boolean;
}

/** https://github.com/argoproj/argo-helm/blob/argo-rollouts-2.41.0/charts/argo-rollouts/values.yaml */
export function renderArgoRolloutsValues(args: Omit<ArgoRolloutsArgs, "chart">) {
  return {
    installCRDs: true,
    keepCRDs: args.keepCrds,
    crdAnnotations: { "pulumi.com/waitFor": "condition=Established" },
    controller: {
      replicas: args.highAvailability ? 2 : 1,
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
      ...(args.highAvailability && { pdb: { enabled: true, minAvailable: 1 } }),
      // AnalysisTemplates in git are the same for every cluster and so name no address.
      ...(args.prometheusAddress !== undefined && {
        extraEnv: [{ name: "ARGO_ROLLOUTS_PROMETHEUS_ADDRESS", value: args.prometheusAddress }],
      }),
      // The ServiceMonitor comes from git: infrastructure/k8s/base/monitoring.
      metrics: { enabled: true },
    },
    // Canaries here shift pods, not traffic, so that no right over a mesh or an ingress controller is needed.
    providerRBAC: { enabled: false },
  };
}

/** The controller of canaries; it must run in every cluster that runs services. */
export class ArgoRollouts extends pulumi.ComponentResource {
  constructor(name: string, args: ArgoRolloutsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:argo-rollouts:ArgoRollouts", name, {}, opts);
    const namespace = "argo-rollouts";
    const created = restrictedNamespace(`${name}-namespace`, namespace, { parent: this });
    // The chart brings none. Nobody calls the controller but whoever scrapes its metrics.
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      {
        metadata: { name: "argo-rollouts", namespace },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: args.metrics ? [{ ports: [{ port: "metrics", protocol: "TCP" }] }] : [],
        },
      },
      { parent: this, dependsOn: created },
    );
    new kubernetes.helm.v4.Chart(
      name,
      { ...args.chart, name: "argo-rollouts", namespace, values: renderArgoRolloutsValues(args) },
      { parent: this, dependsOn: created },
    );
    this.registerOutputs({});
  }
}
