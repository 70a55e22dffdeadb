import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { environments } from "../../../config/environment";
import { parseConfig } from "../../../config/parse";
import { newAuthority } from "../../../sandbox/control-plane/certificates";
import {
  deepMerge,
  sandboxOverrides,
  sandboxSecrets,
  withoutEncrypted,
  withoutKubeconfig,
} from "../../../sandbox/stack/overrides";
import { workTree } from "../../../sandbox/variables";

const shared = { git: { username: "u", password: "p" }, webhookSecret: "w".repeat(32) };

function kubeconfig(port: string, certificate: string): string {
  const authority = Buffer.from(certificate).toString("base64");
  const cluster = { server: `https://127.0.0.1:${port}`, "certificate-authority-data": authority };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "sandbox",
    clusters: [{ name: "sandbox", cluster }],
    users: [{ name: "sandbox", user: { token: "t" } }],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
  });
}

interface Named {
  readonly name: string;
  readonly labels?: unknown;
}

/** Stands for the path of each cluster's kubeconfig; the last part becomes the port of its API server. */
function kubeconfigsOf(clusters: readonly Named[]): Record<string, string> {
  return Object.fromEntries(clusters.map(({ name }, index) => [name, `/sandbox/${1001 + index}`]));
}

function committedValues(environment: string): Record<string, unknown> {
  const { config } = parse(readFileSync(join(workTree, `Pulumi.${environment}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(withoutEncrypted(config) as Record<string, unknown>)
      .filter(([key]) => key.startsWith("gitops-platform:"))
      .map(([key, value]) => [key.slice("gitops-platform:".length), value]),
  );
}

describe("the stack file of a sandbox", () => {
  for (const environment of environments) {
    it(`is accepted by the program for ${environment}`, async function () {
      assert.ok(existsSync(join(workTree, `Pulumi.${environment}.yaml`)));
      const committed = committedValues(environment);
      const spokes = (committed["spokes"] ?? []) as readonly Named[];
      const kubeconfigs = kubeconfigsOf([committed["hub"] as Named, ...spokes]);
      const { certificate } = await newAuthority("authority");
      const overrides = sandboxOverrides(committed, {
        kubeconfigs,
        context: "sandbox",
        repositoryUrl: "https://127.0.0.1:1/platform",
        branch: "main",
        authority: certificate,
        vault: { server: "https://127.0.0.1:2", caCertificate: certificate },
        chartMirror: "/charts",
      });
      const secrets = sandboxSecrets(
        committed,
        { ...shared, sealingKey: { certificate, privateKey: "-----BEGIN PRIVATE KEY-----" } },
        () => "placeholder",
      );
      const values = { ...(deepMerge(committed, overrides) as object), secrets };
      const config = parseConfig(values, {
        environment,
        isSecret: () => true,
        readFile: (path) => kubeconfig(path.split("/").at(-1)!, certificate),
        now: new Date(),
      });
      assert.equal(config.git.url, "https://127.0.0.1:1/platform");
      assert.deepEqual(
        config.spokes.map(({ name, server, labels }) => ({ name, server, labels })),
        spokes.map(({ name, labels = {} }) => ({
          name,
          server: `https://127.0.0.1:${kubeconfigs[name]!.split("/").at(-1)}`,
          labels,
        })),
      );
    });
  }

  it("keeps what the override does not name", () => {
    assert.deepEqual(
      deepMerge(
        { hub: { name: "dev", connection: { context: "a" } } },
        { hub: { connection: { context: "b" } } },
      ),
      {
        hub: { name: "dev", connection: { context: "b" } },
      },
    );
  });

  it("takes a key for its own that every object inherits", () =>
    assert.deepEqual(deepMerge({ constructor: { a: 1 } }, {}), { constructor: { a: 1 } }));

  it("replaces lists as a whole", () =>
    assert.deepEqual(deepMerge({ spokes: [1, 2] }, { spokes: [] }), { spokes: [] }));

  it("is the base where nothing is laid over it, and the overlay where there is no base", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.jsonValue({ maxDepth: 2 }), {
          noNullPrototype: true,
        }),
        (tree) => {
          assert.deepEqual(deepMerge(tree, {}), tree);
          assert.deepEqual(deepMerge({}, tree), tree);
        },
      ),
    );
  });

  it("carries no value that only another passphrase can read", () => {
    assert.deepEqual(
      withoutEncrypted({ a: { secure: "v1:x" }, b: { c: { secure: "v1:y" }, d: 1 }, e: [{ f: 2 }] }),
      {
        b: { d: 1 },
        e: [{ f: 2 }],
      },
    );
  });

  it("drops the stored kubeconfig of a cluster that a file names, and nothing else", () => {
    const secrets = { git: { password: { secure: "x" } }, kubeconfigs: { dev: { secure: "y" }, other: 1 } };
    assert.deepEqual(withoutKubeconfig(secrets, "dev"), { git: secrets.git, kubeconfigs: { other: 1 } });
    assert.equal(withoutKubeconfig(undefined, "dev"), undefined);
    assert.deepEqual(withoutKubeconfig({ secure: "v1:x" }, "dev"), { secure: "v1:x" });
  });

  it("gets a token for every part that is switched on, and only for those", () => {
    const secrets = sandboxSecrets(
      { argocd: { slackChannel: "x" } },
      { ...shared, sealingKey: { certificate: "c", privateKey: "k" } },
      () => "t",
    );
    assert.deepEqual(secrets["argocd"], { webhookSecret: shared.webhookSecret, slackToken: "t" });
  });
});
