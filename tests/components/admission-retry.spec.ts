import assert from "node:assert/strict";
import { isWebhookNotReady } from "../../components/admission-retry";

describe("the retry on admission", () => {
  for (const error of [
    'Internal error occurred: failed calling webhook "webhook.cert-manager.io": dial tcp 10.0.0.1:443: connect: connection refused',
    "x509: certificate signed by unknown authority",
    'no endpoints available for service "external-secrets-webhook"',
  ]) {
    it(`waits on: ${error}`, () => assert.ok(isWebhookNotReady([error])));
  }

  for (const error of [
    'admission webhook "webhook.cert-manager.io" denied the request: spec.acme.email: invalid',
    "Unauthorized",
    'clusterissuers.cert-manager.io is forbidden: User "x" cannot create resource',
  ]) {
    it(`fails at once on: ${error}`, () => assert.ok(!isWebhookNotReady([error])));
  }
});
