import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readStackFile } from "../../cli/doctor/stack-file";
import { environments } from "../../config/environment";
import { parseConfig } from "../../config/parse";
import type { ConfigError } from "../../config/problem";
import { committedConfig, kubeconfig, testCertificate } from "../stack-config";

const portable = kubeconfig.replace(
  "server:",
  `certificate-authority-data: ${Buffer.from(testCertificate()).toString("base64")}, server:`,
);

interface Cluster {
  readonly name: string;
  readonly connection?: { readonly kubeconfig?: string; readonly context?: string };
}

interface Committed {
  readonly hub: Cluster;
  readonly spokes?: readonly Cluster[];
  readonly argocd: Readonly<Record<string, unknown>>;
}

/** What a stack file says beside its secrets, which are there once the stack is in use. */
function withoutSecrets(environment: string) {
  const config = committedConfig(environment);
  delete config["secrets"];
  return config as unknown as Committed;
}

const inContext = (text: string, { connection }: Cluster) =>
  text.replaceAll("admin", connection?.context ?? "admin");

/** The secrets that the head of each stack file tells to set, for the clusters that it names. */
function toldSecrets(environment: string, { hub, spokes = [], argocd }: Committed) {
  const key = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";
  const stored = [hub, ...spokes].filter(({ connection }) => connection?.kubeconfig === undefined);
  return {
    kubeconfigs: Object.fromEntries(
      stored.map((cluster) => [
        cluster.name,
        inContext(portable.replace("one.example.com", `${cluster.name}.example.com`), cluster),
      ]),
    ),
    git:
      environment === "dev"
        ? { username: "u", password: "p" }
        : { githubApp: { id: "1", installationId: "2", privateKey: key } },
    sealingKey: { certificate: testCertificate(), privateKey: key },
    argocd: {
      webhookSecret: "0123456789abcdef",
      ...(argocd["sso"] !== undefined && { oidcClientSecret: "x" }),
      ...(argocd["slackChannel"] !== undefined && { slackToken: "x" }),
      ...(argocd["pullRequestPreviews"] !== undefined && { pullRequestToken: "x" }),
    },
  };
}

for (const environment of environments) {
  const file = `Pulumi.${environment}.yaml`;
  const config = withoutSecrets(environment);
  const facts = {
    environment,
    isSecret: () => true,
    readFile: () => inContext(kubeconfig, config.hub),
    now: new Date(),
  };

  describe(file, () => {
    it("is complete once the secrets that it names are set", () => {
      parseConfig({ ...config, secrets: toldSecrets(environment, config) }, facts);
    });

    it("holds no secret in plain text", () => {
      const text = readFileSync(join(__dirname, "..", "..", file), "utf8");
      assert.deepEqual(readStackFile(text, file, "gitops-platform").plainSecrets, []);
    });

    it("says which secret is missing until they are set", () => {
      assert.throws(
        () => parseConfig({ ...config }, facts),
        (error: ConfigError) =>
          error.problems.some(({ path }) => path.startsWith("secrets.") || path.endsWith("connection")),
      );
    });
  });
}
