import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chartVersions } from "../../../components/chart-versions";
import { chartFloorCheck, judgeFloor } from "../../../cli/doctor/checks/chart-floor";
import { chartSourceCheck } from "../../../cli/doctor/checks/chart-source";
import { judgeDomain } from "../../../cli/doctor/checks/domain";
import { findSealedSecrets, judgeKey, judgeSealed } from "../../../cli/doctor/checks/sealed-secrets";
import { isPluginInstalled, judgeTool } from "../../../cli/doctor/checks/tools";
import { fetchText, findInIndex, remembering } from "../../../cli/doctor/charts";
import { opens } from "../../../cli/doctor/unseal";
import { newAuthority } from "../../../sandbox/control-plane/certificates";
import { sendJson, TestServer } from "../support/server";
import { configWith, contextWith, verdict } from "./context";
import { seal } from "./seal";

const index = (version: string, appVersion: string) =>
  `apiVersion: v1\nentries:\n  argo-cd:\n    - { version: "${version}", appVersion: "${appVersion}" }\n`;

describe("doctor looks for charts", () => {
  it("finds a version and its program in an index", () => {
    const found = findInIndex(index("10.1.1", "v3.4.4"), "argo-cd", "10.1.1");
    assert.deepEqual(found, { kind: "found", version: "10.1.1", appVersion: "v3.4.4" });
  });

  it("takes a login page, another file, another chart or a withdrawn version for what it is", () => {
    for (const text of ["<!DOCTYPE html><p>log in", "{{", "entries: {}", index("10.0.0", "v3.4.4")]) {
      assert.equal(findInIndex(text, "argo-cd", "10.1.1").kind, "missing");
    }
  });

  it("says which status a repository answered, and does not follow silence", async () => {
    const server = await TestServer.start((_, response) => sendJson(response, 404, {}));
    await assert.rejects(fetchText(`${server.address}/index.yaml`), /answered HTTP 404/);
    await server.stop();
    await assert.rejects(fetchText(`${server.address}/index.yaml`), /cannot be reached/);
  });

  it("refuses every chart of a repository that does not answer", async () => {
    const check = chartSourceCheck(() => Promise.reject(new Error("cannot be reached: refused")));
    const findings = await check.run(contextWith([]));
    assert.ok(findings.every(({ status }) => status === "invalid"));
    assert.match(findings[0]!.message, /argo-helm\/index\.yaml cannot be reached/);
  });

  it("asks a repository with several charts once", async () => {
    let asked = 0;
    const read = remembering((url) => Promise.resolve(`${url}${asked++}`));
    await Promise.all([read("a"), read("a"), read("b")]);
    assert.equal(asked, 2);
  });

  it("reads a mirror's folder, and misses a chart that is not in it", async () => {
    const mirror = mkdtempSync(join(tmpdir(), "gitops-platform-"));
    mkdirSync(join(mirror, "argo-cd"));
    writeFileSync(join(mirror, "argo-cd", "Chart.yaml"), 'version: "10.1.1"\nappVersion: v3.4.1\n');
    const context = contextWith([], { config: configWith({ charts: { mirror } }) });
    const never = () => Promise.reject(new Error("the public repository was asked"));
    const [source, missing] = await chartSourceCheck(never).run(context);
    assert.deepEqual([source!, missing!].map(verdict), ["argo-cd ok", "argo-rollouts invalid"]);
    const [floor] = await chartFloorCheck(never).run(context);
    assert.equal(floor?.status, "failed");
    assert.match(floor.message, /3\.4\.1.*below the security floor.*CVE-/);
  });

  it("judges a chart whose source says nothing of its program by the pin", () => {
    const found = (version: string) => ({ kind: "found" as const, version, appVersion: undefined });
    assert.equal(judgeFloor(chartVersions.certManager, found("v1.21.1")).status, "ok");
    assert.equal(judgeFloor(chartVersions.certManager, found("v1.20.0")).status, "invalid");
  });
});

describe("doctor looks at the domain", () => {
  const now = new Date();
  const judge = (facts: Parameters<typeof judgeDomain>[1], after: boolean, domain = "localhost") =>
    judgeDomain(domain, facts, { after, now });

  it("warns before `up` and fails after it where there is no address or no certificate", () => {
    const unresolved = { addresses: { error: "ENOTFOUND" } };
    assert.deepEqual(
      [judge(unresolved, false), judge(unresolved, true)].map(({ status }) => status),
      ["warning", "failed"],
    );
    const silent = { addresses: ["192.0.2.1"], certificate: { error: "ECONNREFUSED" } };
    assert.equal(judge(silent, true).status, "failed");
  });

  it("compares the names of the certificate with the domain", async () => {
    const { sign } = await newAuthority("test");
    const { certificate } = await sign({ commonName: "argocd", server: true });
    const facts = { addresses: ["127.0.0.1"], certificate: Buffer.from(certificate) };
    assert.equal(judge(facts, true).status, "ok");
    assert.equal(judge(facts, true, "argocd.example.com").status, "failed");
    assert.equal(
      judgeDomain("localhost", facts, { after: true, now: new Date("2099-01-01") }).status,
      "failed",
    );
  });
});

describe("doctor opens SealedSecrets", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

  const sealed = (label: string, annotations: Record<string, string> = {}) => ({
    file: "sealed.yaml",
    name: "token",
    namespace: "platform-dev",
    annotations,
    encryptedData: { a: seal("canary", label, pair.publicKey) },
  });

  it("accepts what was sealed for this name, namespace and key, in each scope", () => {
    const wide = (scope: string) => ({ [`sealedsecrets.bitnami.com/${scope}`]: "true" });
    assert.equal(judgeSealed(sealed("platform-dev/token"), [pem]).status, "ok");
    assert.equal(judgeSealed(sealed("platform-dev", wide("namespace-wide")), [pem]).status, "ok");
    assert.equal(judgeSealed(sealed("", wide("cluster-wide")), [pem]).status, "ok");
  });

  it("refuses what was sealed for another namespace or another key, and cut-off text", () => {
    assert.equal(judgeSealed(sealed("platform-staging/token"), [pem]).status, "invalid");
    assert.equal(opens(other.privateKey, seal("canary", "a", pair.publicKey), "a"), false);
    assert.equal(opens(pair.privateKey, "AgA=", "a"), false);
  });

  it("opens with a retired key too, and asks for a new seal then", () => {
    const newest = other.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const finding = judgeSealed(sealed("platform-dev/token"), [newest, pem]);
    assert.equal(finding.status, "warning");
    assert.match(finding.fix!, /renew-the-sealing-key\.md/);
  });

  it("fails where git holds SealedSecrets and the stack no key", () => {
    assert.equal(judgeSealed(sealed("platform-dev/token"), []).status, "failed");
  });

  it("refuses a certificate and a key that are no pair, without a word of either", async () => {
    const { sign } = await newAuthority("test");
    const [first, second] = await Promise.all([sign({ commonName: "a" }), sign({ commonName: "b" })]);
    assert.equal(judgeKey(first, new Date()).status, "ok");
    const mixed = judgeKey({ certificate: first.certificate, privateKey: second.privateKey }, new Date());
    assert.equal(mixed.status, "invalid");
    assert.doesNotMatch(JSON.stringify(mixed), /BEGIN/);
    assert.equal(judgeKey(first, new Date("2099-01-01")).status, "warning");
  });

  it("finds those of its environment only", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gitops-platform-"));
    const folder = join(directory, "infrastructure", "k8s", "overlays");
    for (const environment of ["dev", "staging"]) {
      mkdirSync(join(folder, environment), { recursive: true });
      writeFileSync(
        join(folder, environment, "sealed.yaml"),
        `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a, namespace: platform-${environment} }\nspec: { encryptedData: { a: "AgA=" } }\n`,
      );
    }
    const found = await findSealedSecrets(directory, "staging");
    assert.deepEqual(
      found.map(({ namespace }) => namespace),
      ["platform-staging"],
    );
  });
});

describe("doctor looks at the tools", () => {
  it("fails a tool that is too old or cannot be run", () => {
    assert.equal(judgeTool("pulumi", "v3.250.0", ">=3.248.0", "install").status, "ok");
    assert.equal(judgeTool("pulumi", "v3.100.0", ">=3.248.0", "install").status, "failed");
    assert.equal(judgeTool("pulumi", undefined, ">=3.248.0", "install").status, "failed");
  });

  it("knows a plugin by its folder or by its program on PATH, and none that is half downloaded", () => {
    const home = mkdtempSync(join(tmpdir(), "gitops-platform-"));
    const folder = join(home, "plugins", "resource-random-v1.0.0");
    mkdirSync(folder, { recursive: true });
    assert.equal(isPluginInstalled("random", "1.0.0", home, ""), true);
    assert.equal(isPluginInstalled("random", "2.0.0", home, ""), false);
    writeFileSync(`${folder}.partial`, "");
    assert.equal(isPluginInstalled("random", "1.0.0", home, ""), false);
    writeFileSync(join(home, "pulumi-resource-random"), "");
    assert.equal(isPluginInstalled("random", "2.0.0", home, home), true);
  });
});
