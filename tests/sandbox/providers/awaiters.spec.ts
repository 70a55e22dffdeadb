import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readyDeployment } from "../../../sandbox/providers/kubernetes/await/deployment";
import { readySecret } from "../../../sandbox/providers/kubernetes/await/filled";
import { readyIngress } from "../../../sandbox/providers/kubernetes/await/ingress";
import { readyJob } from "../../../sandbox/providers/kubernetes/await/job";
import type { Surroundings } from "../../../sandbox/providers/kubernetes/await/readiness";
import { readyService } from "../../../sandbox/providers/kubernetes/await/service";
import { readyStatefulSet } from "../../../sandbox/providers/kubernetes/await/stateful-set";
import { readyPersistentVolumeClaim } from "../../../sandbox/providers/kubernetes/await/volumes";
import type { KubernetesObject } from "../../../sandbox/providers/kubernetes/objects/object";

/** A cluster that holds just these objects, in which nothing has changed for a long time. */
function beside(objects: Record<string, KubernetesObject>, settled = Infinity): Surroundings {
  return {
    before: undefined,
    get: async (kind, _namespace, name) => objects[`${kind.kind}/${name}`],
    list: async (kind) =>
      Object.entries(objects)
        .filter(([key]) => key.startsWith(`${kind.kind}/`))
        .map(([, object]) => object),
    settledFor: () => settled,
  };
}

const metadata = (fields: KubernetesObject = {}) => ({
  name: "a",
  namespace: "team",
  uid: "u",
  generation: 1,
  ...fields,
});

describe("the wait for a Deployment", () => {
  const deployment = (revision: string, conditions: KubernetesObject[]): KubernetesObject => ({
    metadata: metadata({ annotations: { "deployment.kubernetes.io/revision": revision } }),
    status: { observedGeneration: 1, conditions },
  });
  const replicaSet = (revision: string, ready: number): KubernetesObject => ({
    metadata: {
      name: "a-1",
      namespace: "team",
      ownerReferences: [{ uid: "u" }],
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
    spec: { replicas: 2 },
    status: { readyReplicas: ready },
  });
  const available = { type: "Available", status: "True" };

  it("ends when the first ReplicaSet has its Pods", async () => {
    const live = deployment("1", [available]);
    assert.equal(
      (await readyDeployment(live, beside({ "ReplicaSet/a": replicaSet("1", 1) }))).state,
      "waiting",
    );
    assert.equal(
      (await readyDeployment(live, beside({ "ReplicaSet/a": replicaSet("1", 2) }))).state,
      "ready",
    );
  });

  it("needs a later revision to be rolled out, not just available", async () => {
    const around = beside({ "ReplicaSet/a": replicaSet("2", 2) });
    const progressing = (reason: string) => ({ type: "Progressing", status: "True", reason });
    const running = deployment("2", [available, progressing("ReplicaSetUpdated")]);
    const done = deployment("2", [available, progressing("NewReplicaSetAvailable")]);
    assert.equal((await readyDeployment(running, around)).state, "waiting");
    assert.equal((await readyDeployment(done, around)).state, "ready");
  });

  it("says what the controller and the containers complain of", async () => {
    const live = deployment("1", [
      { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "not enough" },
    ]);
    const pod: KubernetesObject = {
      metadata: { name: "p", ownerReferences: [{ uid: "rs" }] },
      status: {
        containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } }],
      },
    };
    const owner = {
      ...replicaSet("1", 0),
      metadata: { ...(replicaSet("1", 0)["metadata"] as object), uid: "rs" },
    };
    const readiness = await readyDeployment(live, beside({ "ReplicaSet/a": owner, "Pod/p": pod }));
    assert.deepEqual(readiness.state === "waiting" && readiness.messages, [
      "[MinimumReplicasUnavailable] not enough",
      "Waiting for app ReplicaSet to be available (0/2 Pods available)",
      "[Pod p]: ImagePullBackOff: no such image",
    ]);
  });

  it("waits for the controller to see the change first", async () => {
    const live = { ...deployment("1", [available]), metadata: metadata({ generation: 2 }) };
    assert.equal(
      (await readyDeployment(live, beside({ "ReplicaSet/a": replicaSet("1", 2) }))).state,
      "waiting",
    );
  });
});

describe("the wait for a StatefulSet", () => {
  const statefulSet = (status: KubernetesObject): KubernetesObject => ({
    metadata: metadata(),
    spec: { replicas: 1 },
    status: { observedGeneration: 1, replicas: 1, readyReplicas: 1, currentReplicas: 1, ...status },
  });

  it("ends when every replica runs the wanted revision", async () => {
    const behind = statefulSet({ currentRevision: "a-1", updateRevision: "a-2" });
    const current = statefulSet({ currentRevision: "a-2", updateRevision: "a-2" });
    assert.equal((await readyStatefulSet(behind, beside({}))).state, "waiting");
    assert.equal((await readyStatefulSet(current, beside({}))).state, "ready");
  });
});

describe("the wait for a Job", () => {
  const job = (conditions: KubernetesObject[]): KubernetesObject => ({
    metadata: metadata(),
    status: { startTime: "now", conditions },
  });

  it("ends with completion, and fails once the Job has given up", () => {
    assert.equal(readyJob(job([])).state, "waiting");
    assert.equal(readyJob(job([{ type: "Complete", status: "True" }])).state, "ready");
    const failed = job([
      { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "gave up" },
    ]);
    assert.deepEqual(readyJob(failed), { state: "failed", messages: ["[BackoffLimitExceeded] gave up"] });
  });
});

describe("the wait for a Service", () => {
  const service = (spec: KubernetesObject): KubernetesObject => ({ metadata: metadata(), spec });
  const endpoints = (subset: KubernetesObject): KubernetesObject => ({
    metadata: metadata(),
    subsets: [subset],
  });

  it("ends when its endpoints have settled and none is about to become ready", async () => {
    const live = service({ selector: { app: "a" } });
    const ready = beside({ "Endpoints/a": endpoints({ addresses: [{ ip: "10.0.0.1" }] }) });
    const pending = beside({ "Endpoints/a": endpoints({ notReadyAddresses: [{ ip: "10.0.0.1" }] }) });
    const unsettled = beside({ "Endpoints/a": endpoints({ addresses: [{ ip: "10.0.0.1" }] }) }, 0);
    assert.equal((await readyService(live, ready)).state, "ready");
    assert.equal((await readyService(live, pending)).state, "waiting");
    assert.equal((await readyService(live, unsettled)).state, "waiting");
    assert.equal((await readyService(live, beside({}))).state, "waiting");
  });

  for (const spec of [{ clusterIP: "None", selector: { app: "a" } }, { type: "ExternalName" }, {}]) {
    it(`does not look for Pods behind ${JSON.stringify(spec)}`, async () => {
      assert.equal((await readyService(service(spec), beside({}))).state, "ready");
    });
  }

  it("needs an address for a load balancer", async () => {
    const live = service({ type: "LoadBalancer" });
    const addressed = { ...live, status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };
    assert.equal((await readyService(live, beside({}))).state, "waiting");
    assert.equal((await readyService(addressed, beside({}))).state, "ready");
  });
});

describe("the wait for an Ingress", () => {
  it("ends when its backends have endpoints and a controller gave it an address", async () => {
    const spec = { rules: [{ http: { paths: [{ backend: { service: { name: "web" } } }] } }] };
    const addressed = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };
    const backed = beside({ "Endpoints/web": {} });
    assert.equal((await readyIngress({ metadata: metadata(), spec }, backed)).state, "waiting");
    assert.equal(
      (await readyIngress({ metadata: metadata(), spec, status: addressed }, backed)).state,
      "ready",
    );
    assert.equal(
      (await readyIngress({ metadata: metadata(), spec, status: addressed }, beside({}, 0))).state,
      "waiting",
    );
  });
});

describe("the wait for stored things", () => {
  it("takes a claim that only a Pod will bind for ready while it is pending", async () => {
    const claim: KubernetesObject = {
      metadata: metadata(),
      spec: { storageClassName: "local" },
      status: { phase: "Pending" },
    };
    const late = beside({ "StorageClass/local": { volumeBindingMode: "WaitForFirstConsumer" } });
    const early = beside({ "StorageClass/local": { volumeBindingMode: "Immediate" } });
    assert.equal((await readyPersistentVolumeClaim(claim, late)).state, "ready");
    assert.equal((await readyPersistentVolumeClaim(claim, early)).state, "waiting");
  });

  it("waits until a ServiceAccount's token is filled in, and for no other Secret", async () => {
    const token: KubernetesObject = { type: "kubernetes.io/service-account-token" };
    assert.equal((await readySecret(token, beside({}))).state, "waiting");
    assert.equal((await readySecret({ ...token, data: { token: "dA==" } }, beside({}))).state, "ready");
    assert.equal((await readySecret({ type: "Opaque" }, beside({}))).state, "ready");
  });
});
