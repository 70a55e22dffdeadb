import assert from "node:assert/strict";
import {
  cloudAccess,
  type CloudCredentials,
  type CloudIdentity,
  renderWorkloadIdentity,
} from "../../../components/clusters/cloud-identity";
import { renderClusterConfig } from "../../../components/clusters/cluster-secret";

const google: CloudIdentity = { kind: "gcp", serviceAccount: "argocd@project.iam.gserviceaccount.com" };
const azure: CloudIdentity = { kind: "azure", clientId: "client", tenantId: "tenant", principalId: "object" };

function config(credentials: CloudCredentials, identity?: CloudIdentity): Record<string, unknown> {
  return JSON.parse(renderClusterConfig(cloudAccess(credentials, identity, "PEM").credentials)) as Record<
    string,
    unknown
  >;
}

describe("the identity of Argo CD in a cloud", () => {
  it("is a role on EKS, which the cluster maps to a group", () => {
    const roleArn = "arn:aws:iam::111122223333:role/eu";
    assert.deepEqual(config({ kind: "eks", clusterName: "eu", roleArn })["awsAuthConfig"], {
      clusterName: "eu",
      roleARN: roleArn,
    });
    const { subject } = cloudAccess({ kind: "eks", clusterName: "eu" }, undefined, "PEM");
    assert.deepEqual([subject.kind, subject.name], ["Group", "argocd-manager"]);
  });

  it("is a service account on GKE, which the cluster knows as a user", () => {
    assert.deepEqual(config({ kind: "gke" }, google)["execProviderConfig"], {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "argocd-k8s-auth",
      args: ["gcp"],
      env: {},
    });
    const { subject } = cloudAccess({ kind: "gke" }, google, "PEM");
    assert.deepEqual([subject.kind, subject.name], ["User", google.serviceAccount]);
  });

  it("is a managed identity on AKS, which the cluster knows by its object id", () => {
    const credentials: CloudCredentials = { kind: "aks", cloud: "AzurePublicCloud" };
    assert.deepEqual(config(credentials, azure)["execProviderConfig"], {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "argocd-k8s-auth",
      args: ["azure"],
      env: {
        AAD_ENVIRONMENT_NAME: "AzurePublicCloud",
        AAD_LOGIN_METHOD: "workloadidentity",
        AZURE_CLIENT_ID: "client",
        AZURE_TENANT_ID: "tenant",
      },
    });
    assert.equal(cloudAccess(credentials, azure, "PEM").subject.name, "object");
  });

  it("is never that of another cloud", () => {
    assert.throws(() => cloudAccess({ kind: "gke" }, azure, "PEM"), /no identity that gke knows/);
  });

  it("marks accounts, and pods only where the cloud looks at pods", () => {
    assert.deepEqual(renderWorkloadIdentity(google), {
      serviceAccount: { annotations: { "iam.gke.io/gcp-service-account": google.serviceAccount } },
    });
    assert.deepEqual(renderWorkloadIdentity(azure).podLabels, { "azure.workload.identity/use": "true" });
    assert.deepEqual(renderWorkloadIdentity(undefined), {});
  });
});
