import assert from "node:assert/strict";
import { renderClusterConfig, type ClusterCredentials } from "../../../components/clusters/cluster-secret";

const caCertificate = "-----BEGIN CERTIFICATE-----";
const every: ClusterCredentials[] = [
  { kind: "inCluster" },
  { kind: "token", token: "t", caCertificate },
  { kind: "eks", clusterName: "c", caCertificate },
  { kind: "exec", command: { command: "argocd-k8s-auth", args: ["gcp"], env: {} }, caCertificate },
];

describe("the config of a cluster Secret", () => {
  for (const credentials of every) {
    it(`verifies the API server with ${credentials.kind} credentials`, () => {
      const { tlsClientConfig } = JSON.parse(renderClusterConfig(credentials)) as {
        tlsClientConfig: { insecure: boolean; caData?: string };
      };
      assert.equal(tlsClientConfig.insecure, false);
      if (credentials.kind !== "inCluster") {
        assert.equal(Buffer.from(tlsClientConfig.caData!, "base64").toString(), caCertificate);
      }
    });
  }

  it("holds a token only for an account that has one", () => {
    const withToken = every.filter((credentials) => renderClusterConfig(credentials).includes("bearerToken"));
    assert.deepEqual(
      withToken.map(({ kind }) => kind),
      ["token"],
    );
  });
});
