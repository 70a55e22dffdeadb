import assert from "node:assert/strict";
import { environments } from "../../config/environment";
import { parseConfig } from "../../config/parse";
import type { ConfigError } from "../../config/problem";
import { committedConfig, kubeconfig, testCertificate } from "../stack-config";

const portable = kubeconfig.replace(
  "server:",
  `certificate-authority-data: ${Buffer.from(testCertificate()).toString("base64")}, server:`,
);

/** The secrets that the head of each stack file tells to set. */
function toldSecrets(environment: string) {
  const argocd = { webhookSecret: "0123456789abcdef" };
  if (environment === "dev") return { git: { username: "u", password: "p" }, argocd };
  const key = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";
  const stored = (server: string) => portable.replace("one.example.com", server);
  return {
    kubeconfigs:
      environment === "staging"
        ? { staging: portable }
        : {
            hub: stored("hub.example.com"),
            "eu-central": stored("eu.example.com"),
            "us-east": stored("us.example.com"),
          },
    git: { githubApp: { id: "1", installationId: "2", privateKey: key } },
    sealingKey: { certificate: testCertificate(), privateKey: key },
    argocd: { ...argocd, oidcClientSecret: "x", slackToken: "x" },
  };
}

const facts = {
  isSecret: () => true,
  readFile: () => kubeconfig.replaceAll("admin", "platform-dev"),
  now: new Date(),
};

for (const environment of environments) {
  describe(`Pulumi.${environment}.yaml`, () => {
    it("is complete once the secrets that it names are set", () => {
      parseConfig(
        { ...committedConfig(environment), secrets: toldSecrets(environment) },
        { ...facts, environment },
      );
    });

    it("holds no secret in plain text", () => {
      assert.equal(committedConfig(environment)["secrets"], undefined);
    });

    it("says which secret is missing until they are set", () => {
      assert.throws(
        () => parseConfig(committedConfig(environment), { ...facts, environment }),
        (error: ConfigError) =>
          error.problems.some(({ path }) => path.startsWith("secrets.") || path.endsWith("connection")),
      );
    });
  });
}
