import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import {
  CheckRequest,
  ConfigureRequest,
  ConstructRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  fromStruct,
  isSecret,
  secret,
  toStruct,
  withoutSecretMarks,
} from "../../../sandbox/providers/protocol/properties";
import type { PropertyMap } from "../../../sandbox/providers/protocol/properties";
import { ApiServer } from "./support/api-server";
import { Plugin } from "./support/plugin";
import { urn } from "./support/session";

const configMapUrn = urn("kubernetes:core/v1:ConfigMap", "settings");
const configMap: PropertyMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "team" },
  data: { a: "1" },
};
const path = "/api/v1/namespaces/team/configmaps/settings";

describe("the Kubernetes plugin", () => {
  let api: ApiServer;
  let plugin: Plugin;

  before(async () => {
    plugin = await Plugin.start("kubernetes");
  });
  after(() => plugin.stop());
  beforeEach(async () => {
    api = new ApiServer();
    await api.start();
    await configure({ kubeconfig: api.kubeconfig });
  });
  afterEach(() => api.stop());

  async function configure(variables: Record<string, string>): Promise<void> {
    const request = new ConfigureRequest();
    for (const [key, value] of Object.entries(variables)) {
      request.getVariablesMap().set(`kubernetes:config:${key}`, value);
    }
    await plugin.call("configure", request);
  }

  async function create(properties: PropertyMap, options: { preview?: boolean; urn?: string } = {}) {
    const request = new CreateRequest();
    request.setUrn(options.urn ?? configMapUrn);
    request.setProperties(toStruct(properties));
    request.setPreview(options.preview ?? false);
    const response = await plugin.call("create", request);
    return { id: response.getId(), state: fromStruct(response.getProperties()) };
  }

  async function update(state: PropertyMap, news: PropertyMap, preview = false): Promise<PropertyMap> {
    const request = new UpdateRequest();
    request.setUrn(configMapUrn);
    request.setId("team/settings");
    request.setOlds(toStruct(state));
    request.setNews(toStruct(news));
    request.setPreview(preview);
    return fromStruct((await plugin.call("update", request)).getProperties());
  }

  async function remove(state: PropertyMap): Promise<void> {
    const request = new DeleteRequest();
    request.setUrn(configMapUrn);
    request.setId("team/settings");
    request.setProperties(toStruct(state));
    await plugin.call("delete", request);
  }

  it("says which version of the provider it stands in for", async () => {
    const info = await plugin.call("getPluginInfo", new Empty());
    assert.equal(info.getVersion(), "4.34.2");
  });

  it("creates an object as the manager pulumi-kubernetes and keeps inputs and live object in the state", async () => {
    const { id, state } = await create(configMap);
    assert.equal(id, "team/settings");
    assert.equal((state["metadata"] as PropertyMap)["uid"], "uid-1");
    assert.deepEqual(state["__inputs"], configMap);
    assert.match(String(state["__fieldManager"]), /^pulumi-kubernetes-[0-9a-f]{8}$/);
    assert.equal(state["__initialApiVersion"], "v1");
    const [write] = api.writes();
    assert.deepEqual([write?.method, write?.query], ["POST", { fieldManager: "pulumi-kubernetes" }]);
  });

  it("writes nothing in a preview: it asks for a dry run", async () => {
    const { id } = await create(configMap, { preview: true });
    assert.equal(id, "");
    assert.equal(api.objects.size, 0);
    assert.ok(api.writes().every(({ query }) => query["dryRun"] === "All"));
  });

  it("plans a custom resource whose definition does not exist yet as it was written", async () => {
    const thing = { apiVersion: "not.yet/v1", kind: "Thing", metadata: { name: "a" }, spec: { x: 1 } };
    const { state } = await create(thing, { preview: true, urn: urn("kubernetes:not.yet/v1:Thing", "a") });
    assert.deepEqual(state, thing);
    assert.deepEqual(api.writes(), []);
  });

  it("refuses to take over an object that exists, and says what to do", async () => {
    api.objects.set(path, configMap);
    await assert.rejects(create(configMap), /already exists[\s\S]*pulumi import[\s\S]*upsertExistingObjects/);
  });

  it("applies to what exists when the provider is told to", async () => {
    api.objects.set(path, configMap);
    await configure({ kubeconfig: api.kubeconfig, upsertExistingObjects: "true" });
    await create(configMap);
    const [write] = api.writes();
    assert.deepEqual([write?.method, write?.contentType], ["PATCH", "application/apply-patch+yaml"]);
  });

  it("updates by server-side apply as the manager in the state, without force", async () => {
    const { state } = await create(configMap);
    await update(state, { ...configMap, data: { a: "2" } });
    const patch = api.writes().at(-1);
    assert.deepEqual(
      [patch?.method, patch?.contentType, patch?.query],
      ["PATCH", "application/apply-patch+yaml", { fieldManager: state["__fieldManager"], force: "true" }],
    );
    assert.deepEqual(patch?.body?.["data"], { a: "2" });
  });

  it("takes the creator's fields over before it applies", async () => {
    const { state } = await create(configMap);
    const live = api.objects.get(path) as { metadata: PropertyMap };
    live.metadata["managedFields"] = [
      { manager: "pulumi-kubernetes", operation: "Update", fieldsV1: { "f:data": { "f:a": {} } } },
      { manager: "someone", operation: "Update", fieldsV1: { "f:data": { "f:b": {} } } },
    ];
    await update(state, configMap);
    const [, takeOver, apply] = api.writes();
    const [operation] = takeOver?.body as unknown as { path: string; value: PropertyMap[] }[];
    assert.equal(operation?.path, "/metadata/managedFields");
    assert.deepEqual(
      operation?.value.map(({ manager, operation: kind }) => [manager, kind]),
      [
        ["someone", "Update"],
        [state["__fieldManager"], "Apply"],
      ],
    );
    assert.equal(apply?.query["force"], "false");
  });

  it("keeps secrets secret in the state", async () => {
    const { state } = await create({ ...configMap, data: { a: secret("hidden") } });
    assert.ok(isSecret((state["data"] as PropertyMap)["a"]));
    assert.deepEqual(withoutSecretMarks(state["data"] ?? null), { a: "hidden" });
  });

  it("reads an object, and reports one that is gone as gone", async () => {
    const { state } = await create(configMap);
    const read = async () => {
      const request = new ReadRequest();
      request.setUrn(configMapUrn);
      request.setId("team/settings");
      request.setProperties(toStruct(state));
      request.setInputs(toStruct(configMap));
      return plugin.call("read", request);
    };
    const drifted = api.objects.get(path) as PropertyMap;
    drifted["data"] = { a: "drift", b: "by someone else" };
    assert.deepEqual(fromStruct((await read()).getInputs())["data"], { a: "drift" });
    api.objects.delete(path);
    assert.equal((await read()).getId(), "");
  });

  it("imports an object with inputs that would make it", async () => {
    api.objects.set(path, { ...configMap, metadata: { name: "settings", namespace: "team", uid: "1" } });
    const request = new ReadRequest();
    request.setUrn(configMapUrn);
    request.setId("team/settings");
    const response = await plugin.call("read", request);
    assert.deepEqual(fromStruct(response.getInputs()), configMap);
  });

  it("deletes what an object owns first, and takes an object that is gone for deleted", async () => {
    const { state } = await create(configMap);
    await remove(state);
    const write = api.writes().at(-1);
    assert.deepEqual([write?.method, write?.body?.["propagationPolicy"]], ["DELETE", "Foreground"]);
    await remove(state);
  });

  it("deletes as the annotation says", async () => {
    const annotations = { "pulumi.com/deletionPropagationPolicy": "orphan" };
    const { state } = await create({
      ...configMap,
      metadata: { name: "settings", namespace: "team", annotations },
    });
    await remove(state);
    assert.equal(api.writes().at(-1)?.body?.["propagationPolicy"], "Orphan");
  });

  it("hands over an object that was made but does not become ready, so that it stays in the state", async () => {
    const job: PropertyMap = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "j", namespace: "team" },
      status: {
        conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "gave up" }],
      },
    };
    const error = await create(job, { urn: urn("kubernetes:batch/v1:Job", "j") }).then(
      () => assert.fail("it should have failed"),
      (failure: ServiceError) => failure,
    );
    const [details] = error.metadata.get("grpc-status-details-bin");
    const [detail] = Status.deserializeBinary(details as Buffer).getDetailsList();
    const failed = detail?.unpack(
      ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.equal(failed?.getId(), "team/j");
    assert.ok(failed?.getReasonsList().includes("[BackoffLimitExceeded] gave up"));
    assert.equal(fromStruct(failed?.getProperties())["kind"], "Job");
  });

  it("marks a difference that replaces in the detailed difference", async () => {
    const request = new DiffRequest();
    request.setUrn(configMapUrn);
    request.setId("team/settings");
    request.setOlds(toStruct((await create(configMap)).state));
    request.setNews(toStruct({ ...configMap, data: { a: "2" } }));
    const response = await plugin.call("diff", request);
    assert.deepEqual([response.getReplacesList(), response.getDeletebeforereplace()], [["data.a"], true]);
    assert.ok(response.getHasdetaileddiff());
  });

  describe("without a cluster", () => {
    for (const [what, kubeconfig, reason] of [
      ["a kubeconfig that is none", "neither a path nor a map", /failed to parse kubeconfig data/],
      ["a kubeconfig that leads nowhere", "{}", /no configuration has been provided/],
    ] as const) {
      it(`plans with ${what}, and fails with the reason only when it must write`, async () => {
        await configure({ kubeconfig });
        assert.deepEqual((await create(configMap, { preview: true })).state, configMap);
        await assert.rejects(create(configMap), reason);
      });
    }

    it("plans for a cluster that does not answer, and fails to create, read or delete", async () => {
      const { state } = await create(configMap);
      const { kubeconfig } = api;
      api.stop();
      await configure({ kubeconfig });
      assert.deepEqual((await create(configMap, { preview: true })).state, configMap);
      await assert.rejects(
        create(configMap),
        /configured Kubernetes cluster is unreachable: .*connection refused/,
      );
      await assert.rejects(remove(state), /PULUMI_K8S_DELETE_UNREACHABLE/);
    });

    it("forgets objects of a cluster that is gone only when told to", async () => {
      const { state } = await create(configMap);
      const { kubeconfig } = api;
      api.stop();
      await configure({ kubeconfig, deleteUnreachable: "true" });
      await remove(state);
    });

    it("does not render a chart", async () => {
      await configure({ kubeconfig: "{}" });
      const request = new ConstructRequest();
      request.setType("kubernetes:helm.sh/v4:Chart");
      await assert.rejects(plugin.call("construct", request), /cluster is unreachable/);
    });
  });

  it("refuses a setting that it does not have instead of ignoring it", async () => {
    const run = configure({ kubeconfig: api.kubeconfig, renderYamlToDirectory: "out" });
    await assert.rejects(run, /renderYamlToDirectory is not supported/);
  });

  it("refuses a component it does not know", async () => {
    const request = new ConstructRequest();
    request.setType("kubernetes:kustomize/v2:Directory");
    await assert.rejects(plugin.call("construct", request), /unknown resource type/);
  });
});

describe("a plugin's process", () => {
  it("serves the other stand-ins too", async () => {
    for (const [name, version] of [
      ["random", "4.21.2"],
      ["kubernetes-cert-manager", "0.2.0"],
    ] as const) {
      const plugin = await Plugin.start(name);
      const info = await plugin.call("getPluginInfo", new Empty());
      plugin.stop();
      assert.equal(info.getVersion(), version);
    }
  });

  it("checks a random password before it is made", async () => {
    const plugin = await Plugin.start("random");
    const request = new CheckRequest();
    request.setUrn(urn("random:index/randomPassword:RandomPassword", "p"));
    request.setNews(toStruct({ length: 2, minUpper: 3 }));
    const response = await plugin.call("check", request);
    plugin.stop();
    assert.deepEqual(
      response.getFailuresList().map((failure) => failure.getProperty()),
      ["length"],
    );
  });

  it("ends with its parent", async () => {
    const { spawn } = await import("node:child_process");
    const executable = require.resolve("../../../sandbox/providers/bin/pulumi-resource-random");
    const script = `
      const child = require("node:child_process").spawn(${JSON.stringify(executable)}, [], { stdio: ["ignore", "pipe", "ignore"] });
      child.stdout.once("data", () => { console.log(child.pid); });
    `;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(line.toString("utf8"));
    parent.kill("SIGKILL");
    const isAlive = () => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
