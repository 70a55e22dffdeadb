import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError, RefusedError } from "../../../cli/errors";
import { stackLabel } from "../../../components/stack-label";
import { PulumiError } from "../../../cli/pulumi";
import { runs } from "../../../cli/recover/lock";
import { type Engine, recover, type RecoverOptions } from "../../../cli/recover/recover";
import { ApiServer } from "../doctor/api-server";

const urn = (type: string, name: string) => `urn:pulumi:dev::gitops-platform::${type}::${name}`;
const provider = `${urn("pulumi:providers:kubernetes", "dev")}::0f8fad5b`;

function creating(name: string, more: object = {}) {
  const type = "kubernetes:core/v1:ConfigMap";
  const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "argocd" } };
  return {
    type: "creating",
    resource: { urn: urn(type, name), custom: true, type, provider, inputs, ...more },
  };
}

function release() {
  const type = "kubernetes:helm.sh/v3:Release";
  const inputs = { name: "cert-manager", namespace: "cert-manager", chart: "cert-manager" };
  return creating("cert-manager", { urn: urn(type, "cert-manager"), type, inputs });
}

/** The engine, with a state in memory. */
class MemoryEngine implements Engine {
  readonly done: string[] = [];
  backendUrl = "https://api.pulumi.com";
  importFailure: Error | undefined;

  constructor(
    public state: {
      deployment: { resources: { urn: string; id?: string }[]; pending_operations: unknown[] };
    },
  ) {}

  backend = () => Promise.resolve(this.backendUrl);
  export = () => Promise.resolve(JSON.stringify(this.state));
  cancel = () => Promise.resolve(void this.done.push("cancel"));
  import = (text: string) => {
    const failure = this.importFailure;
    this.importFailure = undefined;
    if (failure) return Promise.reject(failure);
    this.state = JSON.parse(text) as typeof this.state;
    return Promise.resolve(void this.done.push("import"));
  };
  refresh = (urns: readonly string[]) => Promise.resolve(void this.done.push(`refresh ${urns.join()}`));
}

describe("platform recover", () => {
  let api: ApiServer;

  beforeEach(async () => {
    api = await ApiServer.start();
    const resources = [{ name: "configmaps", kind: "ConfigMap", namespaced: true }];
    api.put("/api/v1", { resources });
  });
  afterEach(() => api.stop());

  const engineWith = (...operations: unknown[]) =>
    new MemoryEngine({ deployment: { resources: [{ urn: "stack" }], pending_operations: operations } });
  const putConfigMap = (name: string, manager: string, stack?: string) =>
    api.put(`/api/v1/namespaces/argocd/configmaps/${name}`, {
      metadata: { name, managedFields: [{ manager }], ...(stack && { labels: { [stackLabel]: stack } }) },
    });

  async function run(engine: Engine, more: Partial<RecoverOptions> = {}): Promise<string[]> {
    const lines: string[] = [];
    await recover({
      stack: { project: "gitops-platform", stack: "dev" },
      engine,
      clusters: new Map([["dev", api.cluster("dev").api]]),
      host: { name: "here", runs: () => false },
      now: new Date(),
      execute: true,
      say: (line) => lines.push(line),
      ...more,
    });
    return lines;
  }

  it("takes in what was made and forgets what was not", async () => {
    putConfigMap("made", "pulumi-kubernetes", "dev");
    const engine = engineWith(creating("made"), creating("never"));
    await run(engine);
    assert.deepEqual(engine.state.deployment.pending_operations, []);
    assert.deepEqual(
      engine.state.deployment.resources.map(({ id }) => id),
      [undefined, "argocd/made"],
    );
    assert.deepEqual(engine.done, ["import", `refresh ${creating("made").resource.urn}`]);
  });

  it("only prints what it would do until it is told to", async () => {
    const engine = engineWith(creating("never"));
    const lines = await run(engine, { execute: false });
    assert.match(lines[0]!, /^clear .*does not exist on dev/);
    assert.deepEqual(engine.done, []);
  });

  it("decides all or nothing: an object of somebody else stops it before the first change", async () => {
    putConfigMap("made", "pulumi-kubernetes-1a2b3c4d", "dev");
    putConfigMap("foreign", "kubectl-create");
    const engine = engineWith(creating("made"), creating("foreign"), creating("never"));
    await assert.rejects(run(engine), RefusedError);
    assert.deepEqual(engine.done, []);
  });

  for (const [owner, stack] of [
    ["belongs to the stack staging", "staging"],
    ["bears no stack's label", undefined],
  ] as const) {
    it(`takes in no object of Pulumi that ${owner}`, async () => {
      putConfigMap("made", "pulumi-kubernetes", stack);
      const engine = engineWith(creating("made"));
      const lines: string[] = [];
      await assert.rejects(run(engine, { say: (line) => lines.push(line) }), RefusedError);
      assert.match(lines[0]!, new RegExp(`^stop .*${owner}`));
      assert.deepEqual(engine.done, []);
    });
  }

  it("never takes a cluster that does not answer, or is not of the stack, for one without the object", async () => {
    const engine = engineWith(creating("never"));
    await assert.rejects(run(engine, { clusters: new Map() }), (error: CliError) => error.exitCode === 2);
    api.status = 503;
    await assert.rejects(run(engine), (error: CliError) => error.exitCode === 2);
    assert.deepEqual(engine.done, []);
  });

  it("forgets what exists in the state alone, and reads again what was being changed", async () => {
    const random = creating("p", {
      urn: urn("random:index:RandomPassword", "p"),
      type: "random:index:RandomPassword",
    });
    const updating = { ...creating("x"), type: "updating" };
    const engine = engineWith(random, updating);
    engine.state.deployment.resources.push({ urn: updating.resource.urn });
    await run(engine);
    assert.deepEqual(engine.done, ["import", `refresh ${updating.resource.urn}`]);
    assert.equal(engine.state.deployment.resources.length, 2);
  });

  it("stops at an object that the state does not name", async () => {
    const engine = engineWith(
      creating("a", { inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: {} } }),
    );
    await assert.rejects(run(engine), RefusedError);
  });

  describe("for a Helm release", () => {
    const folder = "/api/v1/namespaces/cert-manager/secrets";
    const record = (status: string, version: number) =>
      api.put(`${folder}/sh.helm.release.v1.cert-manager.v${version}`, {
        metadata: { labels: { owner: "helm", name: "cert-manager", status, version: String(version) } },
      });

    const namespaceOf = (stack: string) =>
      api.put("/api/v1/namespaces/cert-manager", { metadata: { labels: { [stackLabel]: stack } } });

    beforeEach(() => namespaceOf("dev"));

    it("takes in none that stands in another stack's namespace", async () => {
      namespaceOf("staging");
      record("deployed", 1);
      const engine = engineWith(release());
      await assert.rejects(run(engine), RefusedError);
      assert.equal(engine.state.deployment.resources.length, 1);
    });

    it("takes in one that Helm has finished", async () => {
      record("deployed", 1);
      const engine = engineWith(release());
      await run(engine);
      assert.equal(engine.state.deployment.resources[1]!.id, "cert-manager/cert-manager");
    });

    it("removes the record of one in whose installation Helm was killed", async () => {
      record("pending-install", 1);
      const engine = engineWith(release());
      await run(engine);
      assert.equal(api.objects.has(`${folder}/sh.helm.release.v1.cert-manager.v1`), false);
      assert.equal(engine.state.deployment.resources.length, 1);
    });

    it("leaves one with a history to a person", async () => {
      record("deployed", 1);
      record("pending-upgrade", 2);
      const engine = engineWith(release());
      await assert.rejects(run(engine), RefusedError);
      assert.equal(api.objects.has(`${folder}/sh.helm.release.v1.cert-manager.v2`), true);
    });
  });

  describe("before a lock", () => {
    const lock = (host: string, pid = 4711) => ({
      pid,
      username: "me",
      hostname: host,
      timestamp: "2026-01-01T00:00:00Z",
    });

    function locked(...locks: object[]): MemoryEngine {
      const folder = mkdtempSync(join(tmpdir(), "gitops-platform-"));
      const directory = join(folder, ".pulumi", "locks", "organization", "gitops-platform", "dev");
      mkdirSync(directory, { recursive: true });
      locks.forEach((entry, index) => writeFileSync(join(directory, `${index}.json`), JSON.stringify(entry)));
      const engine = engineWith(creating("never"));
      engine.backendUrl = pathToFileURL(folder).href;
      return engine;
    }

    it("removes that of a dead process of this machine, and names it", async () => {
      const engine = locked(lock("here"));
      const lines = await run(engine);
      assert.match(lines[0]!, /process 4711 of me@here since 2026-01-01/);
      assert.deepEqual(engine.done, ["cancel", "import"]);
    });

    it("touches nothing where the process runs, or may run on another machine", async () => {
      const running = locked(lock("here"));
      await assert.rejects(
        run(running, { host: { name: "here", runs: () => true } }),
        /locked by process 4711/,
      );
      const elsewhere = locked(lock("here"), lock("there"));
      await assert.rejects(run(elsewhere), /me@there/);
      assert.deepEqual([...running.done, ...elsewhere.done], []);
    });

    it("refuses one that it cannot read", async () => {
      await assert.rejects(run(locked({ pid: "canary" })), CliError);
    });

    it("reads those of a bucket from the engine's refusal", async () => {
      const engine = engineWith(creating("never"));
      const said =
        "error: the stack is currently locked\n  s3://b/l.json: created by me@here (pid 4711) at 2026-01-01T00:00:00Z";
      engine.importFailure = new PulumiError("locked", said);
      await run(engine);
      assert.deepEqual(engine.done, ["cancel", "import"]);

      engine.state.deployment.pending_operations = [creating("never")];
      engine.importFailure = new PulumiError("locked", said.replace("@here", "@there"));
      await assert.rejects(run(engine), RefusedError);
    });

    it("knows a process that runs from one that does not", () => {
      assert.equal(runs(process.pid), true);
      assert.equal(runs(2 ** 22 + 1), false);
    });
  });
});
