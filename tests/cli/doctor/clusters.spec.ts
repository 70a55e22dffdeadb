import assert from "node:assert/strict";
import { clusterApisCheck } from "../../../cli/doctor/checks/cluster-apis";
import { clusterClockCheck } from "../../../cli/doctor/checks/cluster-clock";
import { clusterEnvironmentCheck } from "../../../cli/doctor/checks/cluster-environment";
import { clusterPermissionsCheck } from "../../../cli/doctor/checks/cluster-permissions";
import { deletionsCheck } from "../../../cli/doctor/checks/deletions";
import { clusterVersionCheck } from "../../../cli/doctor/checks/cluster-version";
import { isInstalled, judgeCredentials, readCredentials } from "../../../cli/doctor/checks/kubeconfig";
import { ApiServer } from "./api-server";
import { configWith, contextWith, verdicts } from "./context";

function jwt(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
}

describe("doctor asks clusters", () => {
  let api: ApiServer;
  let other: ApiServer;

  beforeEach(async () => {
    [api, other] = await Promise.all([ApiServer.start(), ApiServer.start()]);
    api.put("/api/v1/namespaces/kube-system", { metadata: { uid: "one" } });
    other.put("/api/v1/namespaces/kube-system", { metadata: { uid: "two" } });
  });
  afterEach(() => Promise.all([api.stop(), other.stop()]));

  const environment = () => contextWith([api.cluster("dev"), other.cluster("eu", "spoke")]);

  it("accepts a cluster that answers and is new enough", async () => {
    assert.deepEqual(await verdicts(clusterVersionCheck, contextWith([api.cluster("dev")])), ["dev ok"]);
  });

  it("fails a cluster that is older than Argo CD is tested with", async () => {
    api.gitVersion = "v1.27.9-eks-5e0fdde";
    assert.deepEqual(await verdicts(clusterVersionCheck, contextWith([api.cluster("dev")])), ["dev failed"]);
  });

  it("never takes an answer without a version, an error or silence for a cluster that is fine", async () => {
    api.gitVersion = undefined;
    assert.deepEqual(await verdicts(clusterVersionCheck, contextWith([api.cluster("dev")])), ["dev invalid"]);
    api.status = 401;
    const gone = other.cluster("eu");
    await other.stop();
    assert.deepEqual(await verdicts(clusterVersionCheck, contextWith([api.cluster("dev"), gone])), [
      "dev invalid",
      "eu invalid",
    ]);
  });

  it("compares the clocks of both sides", async () => {
    const context = contextWith([api.cluster("dev")]);
    assert.deepEqual(await verdicts(clusterClockCheck, context), ["dev ok"]);
    api.date = () => new Date(Date.now() - 300_000).toUTCString();
    assert.deepEqual(await verdicts(clusterClockCheck, context), ["dev failed"]);
    api.date = () => undefined;
    assert.deepEqual(await verdicts(clusterClockCheck, context), ["dev invalid"]);
  });

  it("accepts clusters that are new or of this environment", async () => {
    api.put("/api/v1/namespaces/platform-dev", {});
    assert.deepEqual(await verdicts(clusterEnvironmentCheck, environment()), ["dev ok", "eu ok"]);
  });

  it("refuses a cluster that runs another environment's services", async () => {
    other.put("/api/v1/namespaces/platform-production", {});
    assert.deepEqual(await verdicts(clusterEnvironmentCheck, environment()), ["dev ok", "eu invalid"]);
  });

  it("refuses a hub whose Argo CD has registered clusters of another environment", async () => {
    const labels = { "argocd.argoproj.io/secret-type": "cluster", environment: "production" };
    api.put("/api/v1/namespaces/argocd/secrets/cluster-hub", { metadata: { name: "cluster-hub", labels } });
    assert.deepEqual(await verdicts(clusterEnvironmentCheck, environment()), ["dev invalid", "eu ok"]);
  });

  it("refuses one cluster under two names, whatever its address", async () => {
    other.put("/api/v1/namespaces/kube-system", { metadata: { uid: "one" } });
    assert.deepEqual(await verdicts(clusterEnvironmentCheck, environment()), ["dev ok", "eu invalid"]);
  });

  it("refuses a cluster that does not let itself be told from others", async () => {
    other.status = 403;
    assert.deepEqual(await verdicts(clusterEnvironmentCheck, environment()), ["dev ok", "eu invalid"]);
  });

  it("says what is being deleted, since when, and what holds it", async () => {
    const context = contextWith([api.cluster("dev")], { now: () => new Date("2026-01-01T00:12:30Z") });
    assert.deepEqual(await verdicts(deletionsCheck, context), ["dev ok"]);
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    api.put("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/bff-eu", {
      metadata: {
        name: "bff-eu",
        namespace: "argocd",
        deletionTimestamp,
        finalizers: ["resources-finalizer.argocd.argoproj.io"],
      },
    });
    api.put("/api/v1/namespaces/argocd", {
      metadata: { name: "argocd", deletionTimestamp },
      status: {
        conditions: [
          { type: "NamespaceContentRemaining", status: "True", message: "1 applications.argoproj.io left" },
          { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "no" },
        ],
      },
    });
    const findings = await deletionsCheck.run(context);
    assert.deepEqual(
      findings.map(({ status, message }) => `${status} ${message}`),
      [
        "failed application argocd/bff-eu has been deleted for 12 minutes and waits for resources-finalizer.argocd.argoproj.io",
        "failed namespace argocd has been deleted for 12 minutes and 1 applications.argoproj.io left",
      ],
    );
  });

  it("names in one finding every right that is missing", async () => {
    api.allows = ({ resource, verb }) => verb !== "*" && !(resource === "clusterroles" && verb === "create");
    const [finding] = await clusterPermissionsCheck.run(contextWith([api.cluster("dev")]));
    assert.equal(finding?.status, "failed");
    assert.match(finding.message, /create clusterroles\.rbac\.authorization\.k8s\.io/);
    assert.doesNotMatch(finding.message, /namespaces/);
  });

  it("asks a spoke for no right that only the hub must grant", async () => {
    api.allows = ({ resource }) => !["*", "applicationsets"].includes(resource);
    assert.deepEqual(await verdicts(clusterPermissionsCheck, contextWith([api.cluster("eu", "spoke")])), [
      "eu ok",
    ]);
    assert.deepEqual(await verdicts(clusterPermissionsCheck, contextWith([api.cluster("dev")])), [
      "dev failed",
    ]);
  });

  it("fails where the Prometheus operator is expected and not installed", async () => {
    api.served = [
      "apiextensions.k8s.io/v1",
      "admissionregistration.k8s.io/v1",
      "apps/v1",
      "authentication.k8s.io/v1",
      "batch/v1",
      "networking.k8s.io/v1",
      "policy/v1",
      "rbac.authorization.k8s.io/v1",
    ];
    assert.deepEqual(await verdicts(clusterApisCheck, contextWith([api.cluster("dev")])), ["dev ok"]);
    const config = configWith({ metrics: true });
    const [finding] = await clusterApisCheck.run(contextWith([api.cluster("dev")], { config }));
    assert.match(finding!.message, /monitoring\.coreos\.com\/v1/);
  });
});

describe("doctor reads kubeconfigs", () => {
  const facts = { now: new Date("2026-06-01T00:00:00Z"), path: process.env["PATH"] ?? "" };
  const judge = (credentials: object) => judgeCredentials({ name: "dev", key: "hub" }, credentials, facts);

  it("says until when a token is valid, if it says so itself", () => {
    assert.match(
      judge({ token: jwt({ exp: Date.parse("2026-06-02T00:00:00Z") / 1000 }) }).message,
      /valid until 2026-06-02T00:00:00/,
    );
    assert.doesNotMatch(judge({ token: "opaque" }).message, /until/);
  });

  it("refuses a plugin that is not installed, by its name", () => {
    const finding = judge({ plugin: "no-such-credential-plugin" });
    assert.equal(finding.status, "invalid");
    assert.match(finding.message, /no-such-credential-plugin/);
    assert.equal(judge({ plugin: process.execPath }).status, "ok");
    assert.equal(isInstalled("node", process.execPath.replace(/\/node$/, "")), true);
  });

  it("reads the user of the context that the stack names, and no other", () => {
    const text = JSON.stringify({
      "current-context": "one",
      contexts: [
        { name: "one", context: { user: "first" } },
        { name: "two", context: { user: "second" } },
      ],
      users: [
        { name: "first", user: { token: "a" } },
        { name: "second", user: { exec: { command: "aws" } } },
      ],
    });
    assert.equal(readCredentials(text, undefined).token, "a");
    assert.deepEqual(readCredentials(text, "two"), { token: undefined, plugin: "aws" });
  });
});
