import assert from "node:assert/strict";
import { requestedProperties } from "../../../sandbox/vault/values";

const manifest = (name: string, ...properties: string[]) => `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: ${name} }
spec:
  data: ${JSON.stringify(properties.map((property) => ({ secretKey: property, remoteRef: { key: "k", property } })))}
`;

describe("the secrets of the sandbox's Vault", () => {
  it("are those that the services in git ask for", () => {
    assert.deepEqual(requestedProperties([manifest("bff", "session-key"), manifest("audit", "a", "b")]), {
      bff: ["session-key"],
      audit: ["a", "b"],
    });
  });

  it("are found in every document of a file, beside other kinds", () => {
    const file = `kind: Service\nmetadata: { name: bff }\n---${manifest("bff", "a")}`;
    assert.deepEqual(requestedProperties([file]), { bff: ["a"] });
  });
});
