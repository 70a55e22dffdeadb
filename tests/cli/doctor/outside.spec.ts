import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import {
  credentialsFor,
  gitRepositoryCheck,
  gitSettings,
  judgeRevision,
} from "../../../cli/doctor/checks/git-repository";
import { judgeDiscovery } from "../../../cli/doctor/checks/sso";
import { appToken } from "../../../cli/doctor/github-app";
import { configWith, contextWith } from "./context";

describe("doctor opens the repository", () => {
  it("with its own credentials, else with those of the longest address that fits", () => {
    const credentials = { username: "argocd", password: "canary" };
    const other = { username: "other", password: "canary" };
    const git = {
      url: "https://git.example.com/organization/platform",
      credentialTemplates: [
        { name: "host", url: "https://git.example.com/o" },
        { name: "organization", url: "https://git.example.com/organization" },
        { name: "elsewhere", url: "https://github.com/organization/platform" },
      ],
    };
    const credentialTemplates = { host: other, organization: credentials, elsewhere: other };
    assert.equal(credentialsFor(configWith({ git }))?.toString(), undefined);
    assert.deepEqual(credentialsFor(configWith({ git, secrets: { credentialTemplates } })), credentials);
    assert.deepEqual(
      credentialsFor(configWith({ git, secrets: { git: other, credentialTemplates } })),
      other,
    );
  });

  it("and finds the revision as a branch or a tag, and in no longer name", () => {
    const listed = "a\trefs/heads/main\nb\trefs/tags/v1\nc\trefs/heads/feature/next\n";
    assert.equal(judgeRevision("main", listed).status, "ok");
    assert.equal(judgeRevision("v1", listed).status, "ok");
    assert.equal(judgeRevision("next", listed).status, "failed");
    assert.equal(judgeRevision("0".repeat(40), "").status, "ok");
  });

  it("hands git its settings where no other user can read them", () => {
    assert.deepEqual(gitSettings({ "http.extraHeader": "canary", "credential.helper": "" }), {
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: "canary",
      GIT_CONFIG_KEY_1: "credential.helper",
      GIT_CONFIG_VALUE_1: "",
    });
  });

  it("and says who did not answer, without a word of the credentials", async () => {
    const config = configWith({
      git: { url: "https://127.0.0.1:1/organization/platform" },
      secrets: { git: { username: "argocd", password: "canary" } },
    });
    const findings = await gitRepositoryCheck.run(contextWith([], { config }));
    assert.equal(findings[0]?.status, "invalid");
    assert.match(findings[0].message, /127\.0\.0\.1:1\/organization\/platform cannot be read/);
    assert.doesNotMatch(JSON.stringify(findings), /canary/);
  });

  it("proves a GitHub App by its key, for less than the ten minutes that GitHub accepts", () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const privateKey = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const token = appToken({ id: "1", installationId: "2", privateKey }, new Date("2026-01-01T00:00:00Z"));
    const [header, claims, signature] = token.split(".");
    const signed = Buffer.from(`${header}.${claims}`);
    assert.ok(
      verify("RSA-SHA256", signed, createPublicKey(pair.privateKey), Buffer.from(signature!, "base64url")),
    );
    const { iss, iat, exp } = JSON.parse(Buffer.from(claims!, "base64url").toString("utf8")) as {
      iss: string;
      iat: number;
      exp: number;
    };
    assert.equal(iss, "1");
    assert.ok(exp - iat <= 600);
  });
});

describe("doctor asks the identity provider", () => {
  const sso = {
    kind: "oidc" as const,
    name: "Company",
    issuer: "https://login.example.com/",
    clientId: "argocd",
    scopes: ["openid", "groups"],
  };
  const judge = (body: unknown, status = 200) =>
    judgeDiscovery(sso, { status, headers: {}, body: JSON.stringify(body) });

  it("accepts one that calls itself as the stack does and offers every scope", () => {
    assert.equal(judge({ issuer: sso.issuer, scopes_supported: ["openid", "groups"] }).status, "ok");
    assert.equal(judge({ issuer: sso.issuer }).status, "ok");
  });

  it("fails on an issuer that differs by a slash, because Argo CD does", () => {
    const finding = judge({ issuer: "https://login.example.com" });
    assert.equal(finding.status, "failed");
    assert.match(finding.fix!, /set argocd\.sso\.issuer to https:\/\/login\.example\.com$/);
  });

  it("fails where groups are not offered, without which nobody has a role", () => {
    const finding = judge({ issuer: sso.issuer, scopes_supported: ["openid"] });
    assert.equal(finding.status, "failed");
    assert.match(finding.message, /does not offer groups/);
  });

  it("takes a login page or an error for no identity provider", () => {
    assert.equal(judge("<html>").status, "invalid");
    assert.equal(judge({ issuer: sso.issuer }, 404).status, "invalid");
  });
});
