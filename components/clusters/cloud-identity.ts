import type { types } from "@pulumi/kubernetes";
import type { ClusterCredentials } from "./cluster-secret";

type Subject = types.input.rbac.v1.Subject;

/** Who Argo CD's pods are in the cloud of the hub. */
export type CloudIdentity =
  | { readonly kind: "aws"; readonly roleArn: string }
  /** @property serviceAccount e-mail address of a Google service account. */
  | { readonly kind: "gcp"; readonly serviceAccount: string }
  /** @property principalId object id of the managed identity, which is its user name in a cluster. */
  | {
      readonly kind: "azure";
      readonly clientId: string;
      readonly tenantId: string;
      readonly principalId: string;
    };

/** How a spoke's cloud lets Argo CD in; no secret is stored. */
export type CloudCredentials =
  | { readonly kind: "eks"; readonly clusterName: string; readonly roleArn?: string | undefined }
  | { readonly kind: "gke" }
  | { readonly kind: "aks"; readonly cloud: string };

/** What marks an account and its pods, so that the cloud gives them the identity. */
export function renderWorkloadIdentity(identity: CloudIdentity | undefined) {
  switch (identity?.kind) {
    case undefined:
      return {};
    case "aws":
      return { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": identity.roleArn } } };
    case "gcp":
      return {
        serviceAccount: { annotations: { "iam.gke.io/gcp-service-account": identity.serviceAccount } },
      };
    case "azure":
      return {
        serviceAccount: {
          annotations: {
            "azure.workload.identity/client-id": identity.clientId,
            "azure.workload.identity/tenant-id": identity.tenantId,
          },
        },
        podLabels: { "azure.workload.identity/use": "true" },
      };
  }
}

/** Argo CD's way into a spoke, and as whom the spoke then knows it. */
export interface CloudAccess {
  readonly subject: Subject;
  readonly credentials: ClusterCredentials;
}

const apiGroup = "rbac.authorization.k8s.io";

/** https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters */
export function cloudAccess(
  credentials: CloudCredentials,
  identity: CloudIdentity | undefined,
  caCertificate: string,
): CloudAccess {
  const helper = (args: readonly string[], env: Readonly<Record<string, string>>): ClusterCredentials => ({
    kind: "exec",
    command: { command: "argocd-k8s-auth", args, env },
    caCertificate,
  });
  if (credentials.kind === "eks") {
    // An access entry of the cluster maps the role to this group; see docs/runbooks/add-a-cluster.md.
    return {
      subject: { apiGroup, kind: "Group", name: "argocd-manager" },
      credentials: { ...credentials, caCertificate },
    };
  }
  if (credentials.kind === "gke" && identity?.kind === "gcp") {
    return {
      subject: { apiGroup, kind: "User", name: identity.serviceAccount },
      credentials: helper(["gcp"], {}),
    };
  }
  if (credentials.kind === "aks" && identity?.kind === "azure") {
    return {
      subject: { apiGroup, kind: "User", name: identity.principalId },
      credentials: helper(["azure"], {
        AAD_ENVIRONMENT_NAME: credentials.cloud,
        AAD_LOGIN_METHOD: "workloadidentity",
        AZURE_CLIENT_ID: identity.clientId,
        AZURE_TENANT_ID: identity.tenantId,
      }),
    };
  }
  throw new Error(`Argo CD has no identity that ${credentials.kind} knows`);
}
