import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ChartSource } from "../chart-source";
import { keepDefinitions } from "../keep-definitions";

export interface SealingKey {
  /** PEM. */
  readonly certificate: pulumi.Input<string>;
  /** PEM. */
  readonly privateKey: pulumi.Input<string>;
}

export interface SealedSecretsArgs {
  readonly chart: ChartSource;
  /**
   * The key that opens the environment's SealedSecrets. Omitted, the controller makes one of its own, which is lost with
   * the cluster.
   */
  readonly sealingKey?: SealingKey | undefined;
  readonly metrics: boolean;
  /** Keep the definition of SealedSecrets, and with it every SealedSecret, when the chart leaves the stack. */
  readonly keepCrds: boolean;
}

/** https://github.com/bitnami/sealed-secrets/blob/v0.38.4/helm/sealed-secrets/values.yaml */
export function renderSealedSecretsValues(args: { ownKey: boolean; metrics: boolean }) {
  return {
    // kubeseal looks for this name in kube-system when it is told nothing.
    fullnameOverride: "sealed-secrets-controller",
    // A renewed key would exist in this cluster only; the stack's key is renewed through the stack.
    ...(args.ownKey && { keyrenewperiod: "0" }),
    // The chart would let every account of the cluster reach the controller; people seal with their own rights, or
    // offline with the certificate.
    rbac: { serviceProxier: { bind: false } },
    networkPolicy: { enabled: true },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    metrics: { serviceMonitor: { enabled: args.metrics } },
  };
}

/** The controller that opens SealedSecrets, with a key that outlives the cluster. */
export class SealedSecrets extends pulumi.ComponentResource {
  constructor(name: string, args: SealedSecretsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:sealed-secrets:SealedSecrets", name, {}, opts);
    const namespace = "kube-system";
    const key =
      args.sealingKey &&
      new kubernetes.core.v1.Secret(
        `${name}-key`,
        {
          metadata: {
            name: "sealed-secrets-key-stack",
            namespace,
            labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" },
          },
          type: "kubernetes.io/tls",
          stringData: { "tls.crt": args.sealingKey.certificate, "tls.key": args.sealingKey.privateKey },
        },
        // Without the key no SealedSecret in git can ever be read again.
        { parent: this, protect: true, retainOnDelete: true },
      );
    new kubernetes.helm.v4.Chart(
      name,
      {
        ...args.chart,
        name,
        namespace,
        values: renderSealedSecretsValues({ ownKey: key !== undefined, metrics: args.metrics }),
      },
      // The controller makes a key of its own if it finds none when it starts.
      {
        parent: this,
        ...(key && { dependsOn: key }),
        ...(args.keepCrds && { transforms: [keepDefinitions] }),
      },
    );
    this.registerOutputs({});
  }
}
