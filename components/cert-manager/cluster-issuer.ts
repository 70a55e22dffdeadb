import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { admissionRetry } from "../admission-retry";
import type { Exposure } from "../argo-cd/values";
import { clusterIssuerName } from "./cluster-issuer-name";

export interface ClusterIssuerArgs {
  /** ACME directory. */
  readonly acmeServer: string;
  /** Where the authority sends warnings. */
  readonly email: string;
  /** How the cluster is reached from outside, and thus what answers the authority's HTTP challenge. */
  readonly exposure: Exposure;
}

function solvers(exposure: Exposure) {
  switch (exposure.kind) {
    case "none":
      return [];
    case "ingress":
      return [{ http01: { ingress: { ingressClassName: exposure.className } } }];
    case "gateway":
      return [{ http01: { gatewayHTTPRoute: { parentRefs: [{ kind: "Gateway", ...exposure.gateway }] } } }];
  }
}

/** https://cert-manager.io/docs/configuration/acme/ */
export function renderClusterIssuerSpec(args: ClusterIssuerArgs) {
  return {
    acme: {
      server: args.acmeServer,
      email: args.email,
      privateKeySecretRef: { name: `${clusterIssuerName}-account-key` },
      solvers: solvers(args.exposure),
    },
  };
}

/** The authority that issues the platform's certificates. */
export class ClusterIssuer extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterIssuerArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:cert-manager:ClusterIssuer", name, {}, opts);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name: clusterIssuerName },
        spec: renderClusterIssuerSpec(args),
      },
      { parent: this, hooks: { onError: [admissionRetry(name)] } },
    );
    this.registerOutputs({});
  }
}
