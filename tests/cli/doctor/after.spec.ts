import assert from "node:assert/strict";
import { applicationsCheck } from "../../../cli/doctor/checks/applications";
import { controllersCheck } from "../../../cli/doctor/checks/controllers";
import { projectsCheck } from "../../../cli/doctor/checks/projects";
import { registrationsCheck } from "../../../cli/doctor/checks/registrations";
import { secretStoresCheck } from "../../../cli/doctor/checks/secret-stores";
import { applicationObject } from "../support/hub";
import { ApiServer, testAuthority } from "./api-server";
import { configWith, contextWith, verdicts } from "./context";

const argocd = "/apis/argoproj.io/v1alpha1/namespaces/argocd";

describe("doctor looks at what `up` has made", () => {
  let hub: ApiServer;
  let spoke: ApiServer;

  beforeEach(async () => {
    [hub, spoke] = await Promise.all([ApiServer.start(), ApiServer.start()]);
  });
  afterEach(() => Promise.all([hub.stop(), spoke.stop()]));

  const context = () => contextWith([hub.cluster("dev"), spoke.cluster("eu", "spoke")], { after: true });

  const putApplication = (facts: Partial<Parameters<typeof applicationObject>[0]> = {}) => {
    const object = applicationObject({ service: "bff", environment: "dev", ...facts });
    hub.put(`${argocd}/applications/bff-main`, object);
    const root = applicationObject({ service: "", environment: "dev" });
    hub.put(`${argocd}/applications/root`, { ...root, metadata: { name: "root" } });
  };

  it("accepts Applications that are Synced and Healthy", async () => {
    putApplication();
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["bff-main ok", "root ok"]);
  });

  it("fails one that is not, or that has an error, and fails where there is none", async () => {
    putApplication({ health: "Progressing" });
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["bff-main failed", "root ok"]);
    putApplication({ conditions: [{ type: "ComparisonError", message: "no such path" }] });
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["bff-main failed", "root ok"]);
    hub.objects.clear();
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["root failed"]);
    hub.status = 500;
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["dev invalid"]);
  });

  it("says nothing of previews: a pull request may be broken", async () => {
    putApplication();
    const preview = applicationObject({ service: "bff", environment: "dev", health: "Degraded" });
    const spec = { ...(preview["spec"] as object), project: "previews" };
    hub.put(`${argocd}/applications/bff-pr-1`, { ...preview, metadata: { name: "bff-pr-1" }, spec });
    assert.deepEqual(await verdicts(applicationsCheck, context()), ["bff-main ok", "root ok"]);
  });

  it("fails a project that does not exist or lets nothing go to a cluster", async () => {
    const project = (name: string, destinations: object[] = []) =>
      hub.put(`${argocd}/appprojects/${name}`, { metadata: { name }, spec: { destinations } });
    project("bootstrap");
    project("platform", [{ name: "dev" }]);
    assert.deepEqual(await verdicts(projectsCheck, context()), [
      "bootstrap ok",
      "observability failed",
      "platform failed",
    ]);
    project("observability");
    project("platform", [{ name: "dev" }, { name: "eu" }]);
    assert.deepEqual(await verdicts(projectsCheck, context()), [
      "bootstrap ok",
      "observability ok",
      "platform ok",
    ]);
  });

  it("fails a controller that is missing, or whose pods are not available", async () => {
    const deployment = (chart: string, status: string) =>
      spoke.put(`/apis/apps/v1/namespaces/x/deployments/${chart}`, {
        metadata: {
          name: chart,
          namespace: "x",
          generation: 1,
          labels: { "helm.sh/chart": `${chart}-1.0.0` },
        },
        status: {
          observedGeneration: 1,
          replicas: 1,
          updatedReplicas: 1,
          conditions: [{ type: "Available", status }],
        },
      });
    deployment("argo-rollouts", "True");
    deployment("sealed-secrets", "False");
    const eu = contextWith([spoke.cluster("eu", "spoke")], { after: true });
    assert.deepEqual(await verdicts(controllersCheck, eu), ["eu ok", "eu failed", "eu failed"]);
  });

  it("fails a store that is not Ready, and an ExternalSecret that is not", async () => {
    const base = "/apis/external-secrets.io/v1/namespaces/platform-dev";
    const ready = (status: string) => ({ status: { conditions: [{ type: "Ready", status, reason: "x" }] } });
    const config = configWith({ vault: { server: "https://vault.example.com" } });
    const dev = () => ({ ...contextWith([hub.cluster("dev")], { after: true }), config });
    assert.deepEqual(await verdicts(secretStoresCheck, dev()), ["dev failed"]);
    hub.put(`${base}/secretstores/vault`, ready("False"));
    assert.deepEqual(await verdicts(secretStoresCheck, dev()), ["dev failed"]);
    hub.put(`${base}/secretstores/vault`, ready("True"));
    assert.deepEqual(await verdicts(secretStoresCheck, dev()), ["dev ok"]);
    hub.put(`${base}/externalsecrets/bff`, { metadata: { name: "bff" }, ...ready("False") });
    assert.deepEqual(await verdicts(secretStoresCheck, dev()), ["dev failed"]);
  });

  describe("and at what Argo CD holds of each cluster", () => {
    const encode = (text: string) => Buffer.from(text).toString("base64");

    async function register(name: string, server: string, config: object, environment = "dev") {
      hub.put(`/api/v1/namespaces/argocd/secrets/cluster-${name}`, {
        metadata: { name: `cluster-${name}`, labels: { environment } },
        data: { name: encode(name), server: encode(server), config: encode(JSON.stringify(config)) },
      });
      const { certificate } = await testAuthority();
      return { insecure: false, caData: encode(certificate) };
    }

    beforeEach(async () => {
      const tlsClientConfig = await register("dev", "https://kubernetes.default.svc", {});
      await register("eu", spoke.address, { bearerToken: "canary-token", tlsClientConfig });
    });

    it("tries the token and the authority of a spoke", async () => {
      assert.deepEqual(await verdicts(registrationsCheck, context()), ["dev ok", "eu ok"]);
      assert.ok(spoke.requests.some(({ path }) => path.endsWith("selfsubjectaccessreviews")));
    });

    it("fails a token that may not deploy, and one that is refused, and prints neither", async () => {
      spoke.allows = () => false;
      assert.deepEqual(await verdicts(registrationsCheck, context()), ["dev ok", "eu failed"]);
      spoke.status = 401;
      const findings = await registrationsCheck.run(context());
      assert.equal(findings[1]?.status, "invalid");
      assert.doesNotMatch(JSON.stringify(findings), /canary/);
    });

    it("fails a cluster that is not registered, or for another environment", async () => {
      hub.objects.delete("/api/v1/namespaces/argocd/secrets/cluster-dev");
      await register("eu", spoke.address, {}, "staging");
      assert.deepEqual(await verdicts(registrationsCheck, context()), ["dev failed", "eu failed"]);
    });
  });
});
