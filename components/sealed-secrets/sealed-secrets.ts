import { createHash } from "node:crypto";
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
  /** Older keys, which open what git still holds sealed for them. Append only: a place in the list is a name. */
  readonly retiredKeys: readonly SealingKey[];
  readonly metrics: boolean;
  /** Keep the definition of SealedSecrets, and with it every SealedSecret, when the chart leaves the stack. */
  readonly keepCrds: boolean;
}

/** https://github.com/bitnami/sealed-secrets/blob/v0.38.4/helm/sealed-secrets/values.yaml */
export function renderSealedSecretsValues(args: {
  readonly ownKey: boolean;
  readonly metrics: boolean;
  /** Says which keys there are; the controller reads them when it starts and never again. */
  readonly keys?: pulumi.Input<string> | undefined;
}) {
  return {
    // kubeseal looks for this name in kube-system when it is told nothing.
    fullnameOverride: "sealed-secrets-controller",
    // A renewed key would exist in this cluster only; the stack's key is renewed through the stack.
    ...(args.ownKey && { keyrenewperiod: "0" }),
    ...(args.keys !== undefined && { podAnnotations: { "gitops-platform/sealing-keys": args.keys } }),
    // The chart would let every account of the cluster reach the controller; people seal with their own rights, or
    // offline with the certificate.
    rbac: { serviceProxier: { bind: false } },
    networkPolicy: { enabled: true },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    metrics: { serviceMonitor: { enabled: args.metrics } },
  };
}

/** A short name of a set of certificates. They are public, so that it need not be secret. */
function fingerprint(keys: readonly SealingKey[]): pulumi.Output<string> {
  const certificates = pulumi.all(keys.map(({ certificate }) => certificate));
  return pulumi.unsecret(
    certificates.apply((texts) => createHash("sha256").update(texts.join("\n")).digest("hex").slice(0, 16)),
  );
}

/** The controller that opens SealedSecrets, with keys that outlive the cluster. */
export class SealedSecrets extends pulumi.ComponentResource {
  constructor(name: string, args: SealedSecretsArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:sealed-secrets:SealedSecrets", name, {}, opts);
    const namespace = "kube-system";
    const { sealingKey, retiredKeys } = args;
    const keySecret = (resource: string, secret: string, { certificate, privateKey }: SealingKey) =>
      new kubernetes.core.v1.Secret(
        resource,
        {
          metadata: {
            name: secret,
            namespace,
            labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" },
          },
          type: "kubernetes.io/tls",
          stringData: { "tls.crt": certificate, "tls.key": privateKey },
        },
        // Without the key no SealedSecret in git can ever be read again.
        { parent: this, protect: true, retainOnDelete: true },
      );
    const keys = [
      ...(sealingKey ? [keySecret(`${name}-key`, "sealed-secrets-key-stack", sealingKey)] : []),
      ...retiredKeys.map((key, index) =>
        keySecret(`${name}-retired-key-${index}`, `sealed-secrets-key-retired-${index}`, key),
      ),
    ];
    new kubernetes.helm.v4.Chart(
      name,
      {
        ...args.chart,
        name,
        namespace,
        values: renderSealedSecretsValues({
          ownKey: sealingKey !== undefined,
          metrics: args.metrics,
          keys: sealingKey && fingerprint([sealingKey, ...retiredKeys]),
        }),
      },
      {
        parent: this,
        // The controller makes a key of its own if it finds none when it starts.
        dependsOn: keys,
        ...(args.keepCrds && { transforms: [keepDefinitions] }),
      },
    );
    this.registerOutputs({});
  }
}
