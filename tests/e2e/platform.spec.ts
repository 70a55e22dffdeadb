import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { judgeMount, vaultCheck } from "../../cli/doctor/checks/vault";
import { VaultApi } from "../../cli/doctor/vault";
import { renderPreviewsApplicationSetSpec } from "../../components/previews/previews-application-set";
import { credentialFiles } from "../../sandbox/control-plane/credentials";
import { sandboxLayout } from "../../sandbox/layout";
import { findByEnvironment } from "../../sandbox/processes/identity";
import { isPortFree } from "../../sandbox/processes/ports";
import { sandboxMarker } from "../../sandbox/processes/supervisor";
import { toolPaths } from "../../sandbox/toolchain/build";
import { vaultClient } from "../../sandbox/vault/client";
import { clusterOf, configWith, contextWith } from "../cli/doctor/context";
import { eventually } from "./eventually";
import { listeners, loopbackAddress } from "./listening";
import { SandboxClone } from "./sandbox-clone";
import { TestSandbox } from "./sandbox-command";

interface Application {
  metadata: { name: string };
  status?: { sync: { status: string; revision: string }; health: { status: string } };
}

interface PreviewApplication {
  metadata: { name: string };
  spec: {
    source: { targetRevision: string; path: string; kustomize: { namespace: string } };
    destination: { namespace: string };
  };
}

const service = "infrastructure/k8s/overlays/dev/bff";

describe("the platform in a sandbox", () => {
  const sandbox = new TestSandbox(21440);
  const layout = sandboxLayout(sandbox.directory, sandbox.port);
  let clone: SandboxClone | undefined;
  const git = (...args: string[]) => clone!.git(...args);

  const bff = async () =>
    JSON.parse(
      await sandbox.kubectl("get", "application", "bff-dev", "-n", "argocd", "-o", "json"),
    ) as Application;

  const image = () =>
    sandbox.kubectl(
      ...["get", "rollout", "bff", "-n", "platform-dev"],
      ...["-o", "jsonpath={.spec.template.spec.containers[0].image}"],
    );

  const inDev = { authMount: "kubernetes/dev", role: "platform-dev", namespace: "platform-dev" };
  const facts = () => ({
    server: `https://127.0.0.1:${layout.ports.vault}`,
    caCertificate: readFileSync(credentialFiles(layout).authority, "utf8"),
  });
  const vaultConfig = (more: object = {}) => configWith({ vault: { ...facts(), ...more } });
  const vaultApi = () => new VaultApi(vaultConfig().vault!);
  /** What doctor finds of the login of dev's store. */
  const found = async (more: object = {}) => {
    const cluster = clusterOf(readFileSync(layout.hub.kubeconfig, "utf8"), "dev");
    const context = contextWith([cluster], { after: true, config: vaultConfig(more) });
    const { status, message } = (await vaultCheck.run(context)).at(-1)!;
    return `${status}: ${message}`;
  };

  before(async () => {
    await sandbox.succeed("up");
    clone = await SandboxClone.create(sandbox);
  });

  after(async () => {
    await sandbox.remove();
    clone?.remove();
  });

  it("delivers bff, Synced and Healthy at the head commit of the served branch", async () => {
    const { status } = await bff();
    assert.equal(status?.sync.status, "Synced");
    assert.equal(status?.health.status, "Healthy");
    assert.equal(status?.sync.revision, await git("rev-parse", "origin/main"));
  });

  it("serves git to nobody without the password", async () => {
    const status = await new Promise((resolve, reject) => {
      const ca = readFileSync(join(layout.credentials, "ca.crt"));
      const path = "/platform/info/refs?service=git-upload-pack";
      request({ host: "127.0.0.1", port: layout.ports.git, path, ca, auth: "argocd:wrong" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
    assert.equal(status, 401);
  });

  it("listens on the loopback interface only", () => {
    const pids = findByEnvironment(sandboxMarker, sandbox.directory).map(({ pid }) => pid);
    const sockets = listeners(pids);
    assert.ok(sockets.some(({ port }) => port === layout.hub.ports.kubernetes));
    assert.deepEqual(
      sockets.filter(({ address }) => address !== loopbackAddress),
      [],
    );
  });

  it("keeps its credentials from other users", () => {
    for (const path of [layout.directory, layout.credentials, layout.hub.kubeconfig, layout.backend]) {
      assert.equal(statSync(path).mode & 0o077, 0, `${path} is open to others`);
    }
  });

  it("refuses at Argo CD's own API what the project does not permit", async () => {
    const secret = await sandbox.kubectl(
      ...["get", "secret", "argocd-initial-admin-secret", "-n", "argocd"],
      ...["-o", "jsonpath={.data.password}"],
    );
    const argocd = (...args: string[]) =>
      execa(toolPaths(process.env).argocd, args, {
        env: { ARGOCD_BINARY_NAME: "argocd", HOME: sandbox.directory },
        reject: false,
      });
    const server = `127.0.0.1:${layout.ports.argocd}`;
    const login = [
      "--username",
      "admin",
      "--password",
      Buffer.from(secret, "base64").toString(),
      "--plaintext",
    ];
    const { exitCode, stderr } = await argocd("login", server, ...login);
    assert.equal(exitCode, 0, stderr);
    const create = (namespace: string) =>
      argocd(
        ...["app", "create", "forbidden", "--plaintext", "--server", server, "--project", "platform"],
        ...["--repo", `https://127.0.0.1:${layout.ports.git}/platform`, "--path", service],
        ...["--dest-server", "https://kubernetes.default.svc", "--dest-namespace", namespace],
      );
    assert.match((await create("kube-system")).stderr, /do not match any of the allowed destinations/);
    const permitted = await create("platform-dev");
    assert.equal(permitted.exitCode, 0, permitted.stderr);
    await sandbox.kubectl("delete", "application", "forbidden", "-n", "argocd", "--wait=false");
  });

  it("changes nothing when it is brought up a second time", async () => {
    const output = await sandbox.succeed("up");
    assert.match(output, /^No changes: \d+ resources unchanged\.$/m);
  });

  it("delivers a commit that changes the image of bff without a further command", async () => {
    await clone!.change("Deliver bff 9.8.7", {
      [`${service}/image.yaml`]: (text) => {
        const transformer = parse(text) as { imageTag: { newTag: string; digest?: string } };
        transformer.imageTag.newTag = "9.8.7";
        delete transformer.imageTag.digest;
        return stringify(transformer);
      },
    });
    const head = await git("rev-parse", "HEAD");

    await eventually(image, (name) => name.endsWith(":9.8.7"));
    await eventually(
      bff,
      ({ status }) => status?.sync.revision === head && status.health.status === "Healthy",
    );
  });

  it("heals a hand edit of the live service", async () => {
    const delivered = await image();
    const path = "/spec/template/spec/containers/0/image";
    const patch = JSON.stringify([{ op: "replace", path, value: "ghcr.io/platform/bff:by-hand" }]);
    await sandbox.kubectl("patch", "rollout", "bff", "-n", "platform-dev", "--type=json", "-p", patch);
    await eventually(image, (name) => name === delivered);
  });

  it("has a Vault that lets the account of the store in with the role's audience alone", async () => {
    assert.match(await found(), /^ok: role platform-dev logs in and reads platform\/dev/);
    assert.match(await found({ audience: "other" }), /^failed: .*audience/);
    const jwt = await sandbox.kubectl(
      ...["create", "token", "default", "-n", "platform-dev", "--audience", "vault"],
    );
    const answer = await vaultApi().login(inDev.authMount, inDev.role, jwt);
    assert.equal(answer.status, 403, answer.body);
  });

  it("has a Vault whose refusals doctor tells from each other", async () => {
    const judge = async (more: Partial<typeof inDev>) => {
      const store = { ...inDev, ...more };
      const [without, wrong] = await Promise.all(
        ["", "not.a.token"].map((jwt) => vaultApi().login(store.authMount, store.role, jwt)),
      );
      const { status, message } = judgeMount("dev", store, without!, wrong!);
      return `${status}: ${message}`;
    };
    assert.match(await judge({}), /^warning: Vault knows role platform-dev at kubernetes\/dev/);
    assert.match(await judge({ authMount: "k8s/dev" }), /^failed: Vault has no Kubernetes auth at k8s\/dev/);
    assert.match(await judge({ role: "nobody" }), /^failed: Vault has no role nobody/);
  });

  it("has a Vault whose policy doctor refuses where it reaches into another environment, or not into its own", async () => {
    const admin = vaultClient(layout);
    const path = "sys/policies/acl/platform-dev";
    const { policy } = (await admin.read(path)) as { policy: string };
    await admin.write(path, { policy: policy.replace("platform/dev/", "platform/") });
    assert.match(await found(), /^failed: role platform-dev may read the keys of staging/);
    await admin.write(path, { policy: policy.replace("read", "list") });
    assert.match(await found(), /^failed: role platform-dev logs in but may not read/);
    await admin.write(path, { policy });
    assert.match(await found(), /^ok: /);
  });

  it("has the previews of a pull request generated from what the program renders", async () => {
    const url = `https://127.0.0.1:${layout.ports.git}/platform`;
    const { generators, ...rendered } = renderPreviewsApplicationSetSpec({
      project: "platform",
      git: { url, revision: "main" },
      pullRequests: { owner: "organization", repository: "platform", label: "preview" },
      token: { secretName: "previews-token", key: "token" },
      environment: "dev",
      namespacePrefix: "preview-dev-",
      namespaces: 3,
    });
    // In the place of GitHub stands what its generator would say of one pull request.
    const pullRequest = { number: "7", head_sha: await git("rev-parse", "origin/main") };
    const folders = generators[0]!.matrix.generators[1];
    const spec = {
      ...rendered,
      generators: [{ matrix: { generators: [{ list: { elements: [pullRequest] } }, folders] } }],
    };
    const metadata = { name: "previews", namespace: "argocd" };
    const file = join(sandbox.directory, "previews.json");
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: "argoproj.io/v1alpha1", kind: "ApplicationSet", metadata, spec }),
    );
    await sandbox.kubectl("apply", "-f", file);
    const list = () =>
      sandbox.kubectl("get", "applications", "-n", "argocd", "-l", "pull-request=7", "-o", "json");
    const previews = await eventually(
      async () => (JSON.parse(await list()) as { items: PreviewApplication[] }).items,
      (items) => items.some(({ metadata: { name } }) => name === "bff-pr-7"),
    );
    const { source, destination } = previews.find(({ metadata: { name } }) => name === "bff-pr-7")!.spec;
    assert.equal(source.targetRevision, pullRequest.head_sha);
    assert.equal(source.path, service);
    assert.equal(source.kustomize.namespace, "preview-dev-1");
    assert.equal(destination.namespace, "preview-dev-1");
    await sandbox.kubectl("delete", "applicationset", "previews", "-n", "argocd");
  });

  it("shows the Applications and their origin in its status", async () => {
    // The version that was healed is still on its way.
    await eventually(bff, ({ status }) => status?.health.status === "Healthy");
    const output = await sandbox.succeed("status");
    assert.match(output, /bff-dev\s.*Synced\s.*Healthy/);
    assert.match(output, /plugin kubernetes\s.*(official|stand-in)/);
  });

  it("leaves no process, port or file after it is taken down", async () => {
    await sandbox.succeed("down");
    assert.deepEqual(findByEnvironment(sandboxMarker, sandbox.directory), []);
    for (const port of [...Object.values(layout.ports), ...Object.values(layout.hub.ports)])
      assert.ok(await isPortFree(port), `port ${port} is in use`);
    assert.equal(existsSync(sandbox.directory), false);
  });
});
