import assert from "node:assert/strict";
import { parseEnvironment } from "../../config/parse";
import type { ConfigError } from "../../config/problem";
import policyPack from "../../policy-pack/package.json";
import { kubeconfigOf, testCertificate } from "../stack-config";
import { parseFixture } from "./fixture";

describe("parseConfig", () => {
  it("accepts a configuration that says no more than it must", () => {
    assert.equal(parseFixture({ environment: "dev", set: {} }).git.revision, "main");
  });

  it("accepts a spoke that is complete", () => {
    assert.equal(
      parseFixture({ environment: "staging", set: { spokes: ["SPOKE"] } }).spokes[0]!.credentials.kind,
      "serviceAccount",
    );
  });

  it("takes from a spoke's kubeconfig what the stack leaves unsaid", () => {
    const caData = Buffer.from(testCertificate()).toString("base64");
    const stored = kubeconfigOf("eu").replace("server:", `certificate-authority-data: ${caData}, server:`);
    const [spoke] = parseFixture({
      environment: "staging",
      set: { spokes: [{ name: "eu" }], "secrets.kubeconfigs.eu": stored },
    }).spokes;
    assert.equal(spoke!.server, "https://eu.example.com");
    assert.equal(spoke!.caCertificate, testCertificate());
  });

  it("takes the policy pack of this checkout, and one that is older than it, as new enough for a stack", () => {
    for (const policy of [policyPack.version, "0.0.1"]) {
      const set = { "versions.policy": policy };
      assert.equal(parseFixture({ environment: "dev", set }).versions.policy, policy);
    }
  });

  it("brings every spelling of a repository address to one", () => {
    for (const url of [
      "https://github.com/o/p.git",
      "https://GitHub.com/o/p/",
      "https://github.com:443/o/p",
    ]) {
      assert.equal(
        parseFixture({ environment: "dev", set: { "git.url": url } }).git.url,
        "https://github.com/o/p",
      );
    }
    assert.equal(
      parseFixture({ environment: "dev", set: { "git.url": "git@github.com:o/p.git" } }).git.url,
      "ssh://git@github.com/o/p",
    );
  });

  it("keeps an issuer as its provider spells it, because the two are compared as texts", () => {
    const sso = { kind: "oidc", name: "Company", issuer: "https://id.example.com/", clientId: "argocd" };
    const set = {
      "argocd.sso": sso,
      "argocd.access.admins": ["platform"],
      "secrets.argocd.oidcClientSecret": "x",
    };
    const parsed = parseFixture({ environment: "dev", set }).argocd.sso;
    assert.equal(parsed?.kind === "oidc" && parsed.issuer, "https://id.example.com/");
  });

  it("reports every problem at once", () => {
    assert.throws(
      () =>
        parseFixture({
          environment: "dev",
          set: { "hub.name": "Dev_1", "git.url": "x", "argocd.domain": "x" },
        }),
      (error: ConfigError) => error.problems.length === 3,
    );
  });
});

describe("parseEnvironment", () => {
  it("takes the name of the stack as the environment", () => {
    assert.equal(parseEnvironment("staging"), "staging");
  });

  for (const [name, nearest] of [
    ["Production", "production"],
    ["development", "dev"],
    ["stage", "staging"],
    ["prod", "production"],
  ] as const) {
    it(`refuses the stack "${name}" and suggests "${nearest}"`, () => {
      assert.throws(() => parseEnvironment(name), new RegExp(`did you mean "${nearest}"`));
    });
  }
});
