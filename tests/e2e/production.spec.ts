import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { stringify } from "yaml";
import { type ClusterLayout, sandboxLayout } from "../../sandbox/layout";
import { findByEnvironment } from "../../sandbox/processes/identity";
import { runningProcesses, sandboxMarker, stopAllProcesses } from "../../sandbox/processes/supervisor";
import { toolPaths } from "../../sandbox/toolchain/build";
import { eventually } from "./eventually";
import { TestSandbox } from "./sandbox-command";
import { WorkTree } from "./work-tree";

interface Application {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly sync?: { readonly status: string; readonly revision: string };
    readonly health?: { readonly status: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: { readonly phase: string; readonly message?: string };
  };
}

const stackFile = "Pulumi.production.yaml";
const overlay = "infrastructure/k8s/overlays/production/notification";
const namespace = "platform-production";
const secretValue = "canary-in-a-sealed-secret";

describe("the production stack, a hub with two spokes", () => {
  const workTree = new WorkTree();
  const sandbox = new TestSandbox(26_440, workTree.path, "production");
  const layout = sandboxLayout(sandbox.directory, sandbox.port);
  const spokes = { "eu-central": layout.spoke("eu-central", 0), "us-east": layout.spoke("us-east", 1) };

  const on = (cluster: ClusterLayout, ...args: string[]) => sandbox.kubectlWith(cluster.kubeconfig, ...args);

  const up = () => sandbox.succeed("up");

  async function applications(): Promise<Application[]> {
    const list = await sandbox.kubectl("get", "applications", "-n", "argocd", "-o", "json");
    return (JSON.parse(list) as { items: Application[] }).items;
  }

  const application = async (name: string) =>
    (await applications()).find(({ metadata }) => metadata.name === name);

  /** Commits another log level of a service, and waits until a cluster has it. */
  async function deliverTo(cluster: ClusterLayout, level: string): Promise<void> {
    const file = `${overlay}/kustomization.yaml`;
    workTree.write(file, workTree.read(file).replace(/LOG_LEVEL=\w+/, `LOG_LEVEL=${level}`));
    await workTree.commit(`Log ${level}`);
    await eventually(
      () => on(cluster, "get", "configmaps", "-n", namespace, "-o", "jsonpath={.items[*].data.LOG_LEVEL}"),
      (levels) => levels.split(" ").includes(level),
    );
  }

  before(async () => {
    await workTree.clone();
    await up();
  });

  after(async () => {
    await sandbox.remove();
    workTree.remove();
  });

  it("delivers every service to the hub and to both spokes", async () => {
    const services = readdirSync(join(workTree.path, "infrastructure/k8s/overlays/production"));
    const names = (await applications()).map(({ metadata }) => metadata.name);
    for (const cluster of ["hub", "eu-central", "us-east"]) {
      for (const service of services) assert.ok(names.includes(`${service}-${cluster}`));
    }
    for (const cluster of [layout.hub, ...Object.values(spokes)]) {
      assert.match(await on(cluster, "get", "rollout", "bff", "-n", namespace), /bff/);
    }
  });

  it("gives each cluster tokens that no other cluster takes", async () => {
    const [eu, us] = [spokes["eu-central"], spokes["us-east"]];
    const token = await on(eu, "create", "token", "argocd-manager", "-n", "argocd-manager");
    const whoAmI = (cluster: ClusterLayout) => {
      const server = `https://127.0.0.1:${cluster.ports.kubernetes}`;
      const authority = join(layout.credentials, "ca.crt");
      const args = ["--server", server, "--certificate-authority", authority, "--token", token.trim()];
      return execa(toolPaths(process.env).kubectl, [...args, "auth", "whoami"], {
        env: { KUBECONFIG: "/dev/null" },
        reject: false,
      });
    };
    assert.match((await whoAmI(eu)).stdout, /system:serviceaccount:argocd-manager:argocd-manager/);
    assert.match((await whoAmI(us)).stderr, /Unauthorized/);
  });

  it("changes nothing when it is brought up a second time", async () => {
    assert.match(await up(), /^No changes: \d+ resources unchanged\.$/m);
  });

  it("holds no secret in its state in plain text", async () => {
    const state = readFileSync(
      join(layout.backend, ".pulumi/stacks/gitops-platform/production.json"),
      "utf8",
    );
    const credential = (name: string) => readFileSync(join(layout.credentials, name), "utf8");
    const token = JSON.parse(
      await on(
        spokes["eu-central"],
        "get",
        "secret",
        "argocd-manager-token-a-1",
        "-n",
        "argocd-manager",
        "-o",
        "json",
      ),
    ) as { data: { token: string } };
    const redis = JSON.parse(
      await sandbox.kubectl("get", "secret", "argocd-redis", "-n", "argocd", "-o", "json"),
    ) as { data: { auth: string } };
    const fromBase64 = (text: string) => Buffer.from(text, "base64").toString();
    const canaries = [
      credential("git-password"),
      credential("webhook-secret"),
      credential("sealing.key").split("\n")[1]!,
      fromBase64(token.data.token),
      fromBase64(redis.data.auth),
    ];
    assert.ok(state.includes("cluster-eu-central"), "this is not the state of the stack");
    for (const [index, canary] of canaries.entries()) {
      assert.ok(canary.length > 20);
      assert.ok(!state.includes(canary), `secret ${index} stands in the state`);
      assert.ok(!state.includes(Buffer.from(canary).toString("base64")), `secret ${index} stands encoded`);
    }
  });

  const source = (path: string) => ({
    repoURL: `https://127.0.0.1:${layout.ports.git}/platform`,
    targetRevision: "main",
    path,
  });

  async function create(name: string, path: string, destination: Record<string, string>): Promise<void> {
    const file = join(sandbox.directory, `${name}.yaml`);
    const spec = { project: "platform", source: source(path), destination, syncPolicy: { automated: {} } };
    const metadata = { name, namespace: "argocd" };
    writeFileSync(
      file,
      stringify({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata, spec }),
    );
    await sandbox.kubectl("apply", "-f", file);
  }

  it("refuses a namespace and kinds that its project or its account does not permit", async () => {
    const server = `https://127.0.0.1:${spokes["eu-central"].ports.kubernetes}`;
    const forbidden = {
      secret: { apiVersion: "v1", kind: "Secret", metadata: { name: "forbidden" }, stringData: { a: "b" } },
      "cluster-role": {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "forbidden" },
        rules: [],
      },
    };
    const folder = (kind: string) => `infrastructure/forbidden/${kind}`;
    for (const [kind, object] of Object.entries(forbidden)) {
      mkdirSync(join(workTree.path, folder(kind)), { recursive: true });
      workTree.write(`${folder(kind)}/${kind}.yaml`, stringify(object));
    }
    await workTree.commit("Ask for more than the project permits");
    await create("namespace", "infrastructure/k8s/overlays/production/validation", {
      server,
      namespace: "kube-system",
    });
    await create("secret", folder("secret"), { server, namespace });
    await create("cluster-role", folder("cluster-role"), { server, namespace });

    const reasons = async (name: string) => {
      const { conditions = [], operationState } = (await application(name))?.status ?? {};
      return [...conditions.map(({ message }) => message), operationState?.message ?? ""].join("\n");
    };
    const isRefused = (name: string, pattern: RegExp) =>
      eventually(
        () => reasons(name),
        (reason) => pattern.test(reason),
      );
    try {
      await isRefused("namespace", /do not match any of the allowed destinations in project 'platform'/);
      await isRefused(
        "secret",
        /User "system:serviceaccount:argocd-manager:argocd-manager" cannot get resource/,
      );
      await isRefused("cluster-role", /can not be managed when in namespaced mode/);
      assert.equal(
        await on(spokes["eu-central"], "get", "secret", "forbidden", "-n", namespace, "--ignore-not-found"),
        "",
      );
    } finally {
      await sandbox.kubectl("delete", "application", "namespace", "secret", "cluster-role", "-n", "argocd");
    }
  });

  it("goes on delivering while the token of a spoke is exchanged, and takes the old one no more", async () => {
    const eu = spokes["eu-central"];
    const secret = await on(
      eu,
      ...["get", "secret", "argocd-manager-token-a-1", "-n", "argocd-manager"],
      ...["-o", "jsonpath={.data.token}"],
    );
    const old = Buffer.from(secret, "base64").toString();
    const names = async () => (await applications()).map(({ metadata }) => metadata.name).sort();
    const before = await names();
    let exchanging = true;
    const unknown: string[] = [];
    const watch = (async () => {
      for (; exchanging; await delay(500)) {
        for (const { metadata, status } of await applications()) {
          if (status?.sync?.status === "Unknown") unknown.push(metadata.name);
        }
      }
    })();
    const credentials = { kind: "serviceAccount", activeToken: "b" };
    const spoke = ["config", "gitops-platform:spokes", 0, "credentials"];
    workTree.set(stackFile, spoke, { ...credentials, generation: { a: 1, b: 1 } });
    await up();
    await deliverTo(eu, "error");
    workTree.set(stackFile, spoke, { ...credentials, generation: { a: 2, b: 1 } });
    await up();
    await deliverTo(eu, "info");
    exchanging = false;
    await watch;
    assert.deepEqual(unknown, []);
    assert.deepEqual(await names(), before);
    const { stderr } = await execa(
      toolPaths(process.env).kubectl,
      [
        ...["--server", `https://127.0.0.1:${eu.ports.kubernetes}`, "--token", old],
        ...["--certificate-authority", join(layout.credentials, "ca.crt"), "auth", "whoami"],
      ],
      { env: { KUBECONFIG: "/dev/null" }, reject: false },
    );
    assert.match(stderr, /Unauthorized/);
  });

  const openedSecret = (cluster: ClusterLayout) =>
    on(
      cluster,
      ...["get", "secret", "canary", "-n", namespace, "--ignore-not-found"],
      ...["-o", "jsonpath={.data.value}"],
    );
  const isOpen = (value: string) => Buffer.from(value, "base64").toString() === secretValue;

  it("opens a SealedSecret of git on every cluster", async () => {
    const metadata = { name: "canary", namespace };
    const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { value: secretValue } };
    const certificate = join(layout.credentials, "sealing.crt");
    const { stdout } = await execa(
      toolPaths(process.env).kubeseal,
      ["--cert", certificate, "--format", "yaml"],
      { input: stringify(secret) },
    );
    workTree.write(`${overlay}/canary.yaml`, stdout);
    const file = `${overlay}/kustomization.yaml`;
    workTree.write(file, workTree.read(file).replace("resources:\n", "resources:\n  - canary.yaml\n"));
    await workTree.commit("Seal a secret");
    for (const cluster of [layout.hub, ...Object.values(spokes)]) {
      await eventually(() => openedSecret(cluster), isOpen);
    }
  });

  it("opens it again after every cluster and the stack's state were lost", async () => {
    await stopAllProcesses(layout);
    for (const path of [layout.etcd, layout.backend, layout.argocd]) rmSync(path, { recursive: true });
    await up();
    for (const cluster of [layout.hub, ...Object.values(spokes)]) {
      await eventually(() => openedSecret(cluster), isOpen);
    }
  });

  it("is taken down in time while a spoke does not answer, and leaves nothing", async () => {
    const record = runningProcesses(layout).find(({ name }) => name === "kube-apiserver-us-east");
    assert.ok(record);
    process.kill(record.pid, "SIGKILL");
    const output = await sandbox.succeed("down");
    assert.match(output, /us-east did not answer and was forgotten/);
    assert.deepEqual(findByEnvironment(sandboxMarker, sandbox.directory), []);
    assert.equal(existsSync(sandbox.directory), false);
  });
});
