import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { imagePath } from "../../cli/promotion/overlay";
import { parseImageFile } from "../../cli/promotion/image-file";
import { connectArgoCd } from "../../cli/cluster/argo-cd";
import { imageReference, imageVersion, type Image } from "../../cli/promotion/image";
import { waitUntilLive } from "../../cli/promotion/live";
import { parseSettings } from "../../cli/settings";
import type { Environment } from "../../config/environment";
import { sandboxLayout } from "../../sandbox/layout";
import { stopAllProcesses } from "../../sandbox/processes/supervisor";
import { toolPaths } from "../../sandbox/toolchain/build";
import { runPlatform, type Run } from "../cli/support/platform";
import { digestOf } from "../cli/support/repository";
import { sendJson, TestServer } from "../cli/support/server";
import { eventually } from "./eventually";
import { addEnvironments } from "./further-environments";
import { projectRoot, TestSandbox } from "./sandbox-command";

const service = "notification";
const second = "audit";
const command = join(projectRoot, "cli", "platform.cjs");
const base = `infrastructure/k8s/base/${service}`;

interface Application {
  spec: { syncPolicy: { automated: { enabled?: boolean; selfHeal?: boolean } } };
  metadata: { annotations?: Record<string, string> };
  status?: { sync: { status: string }; health: { status: string }; summary?: { images?: string[] } };
}

describe("promotion and rollback with a real Argo CD", () => {
  const sandbox = new TestSandbox(23440);
  const layout = sandboxLayout(sandbox.directory, sandbox.port);
  const clones: string[] = [];
  let clone = "";
  let prometheus: TestServer;
  let health: TestServer;
  /** What Prometheus answers. */
  let figures = { traffic: "5", errors: "0.001" };
  let healthStatus = "healthy";

  // The variable, where a machine sets it, wins over git's configuration.
  const certificates = { GIT_SSL_CAINFO: join(layout.credentials, "ca.crt") };
  const git = async (...args: string[]) =>
    (await execa("git", args, { cwd: clone, env: certificates })).stdout.trim();
  const variables = {
    ...certificates,
    KUBECONFIG: layout.hub.kubeconfig,
    PLATFORM_KUSTOMIZE: toolPaths(process.env).kustomize,
  };
  const platform = (...argv: string[]): Promise<Run> => runPlatform(clone, argv, variables);

  const application = async (environment: Environment, name = service) => {
    const list = await sandbox.kubectl(
      "get",
      "application",
      "-n",
      "argocd",
      "-l",
      `environment=${environment},service=${name}`,
      "-o",
      "json",
    );
    return (JSON.parse(list) as { items: Application[] }).items[0];
  };
  const live = async (environment: Environment, name = service) =>
    (await application(environment, name))?.status?.summary?.images ?? [];
  const image = (tag: string, digest?: string): Image => ({
    name: `ghcr.io/platform/${service}`,
    tag,
    digest,
  });
  const five = image("5.0.0", digestOf("5"));

  /** A person's own clone, from the git server and over its certificate. */
  async function cloneFor(person: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "platform-clone-"));
    clones.push(folder);
    const password = readFileSync(join(layout.credentials, "git-password"), "utf8");
    const address = `https://argocd:${password}@127.0.0.1:${layout.ports.git}/platform`;
    await execa("git", ["clone", "--quiet", "--branch=main", address, folder], { env: certificates });
    for (const [key, value] of [
      ["user.name", person],
      ["user.email", `${person.toLowerCase()}@example.com`],
    ] as const)
      await execa("git", ["config", key, value], { cwd: folder });
    return folder;
  }

  /** Pushes a commit with these files; undefined removes one. */
  async function commit(subject: string, files: Record<string, string | undefined>): Promise<void> {
    await git("pull", "--quiet", "--rebase", "origin", "main");
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) rmSync(join(clone, path));
      else writeFileSync(join(clone, path), text);
    }
    await git("commit", "--quiet", "--all", "--message", subject);
    await git("push", "--quiet", "origin", "main");
  }

  /** What a delivery pipeline does: a new image reaches dev by a commit. */
  async function release(tag: string, digest?: string, name = service): Promise<void> {
    await git("pull", "--quiet", "--rebase", "origin", "main");
    const path = imagePath("dev", name);
    const file = parseImageFile(readFileSync(join(clone, path), "utf8"), path);
    await commit(`${name} ${tag} in dev`, { [path]: file.withImage({ ...file.image, tag, digest }) });
  }

  /** Waits until Argo CD has delivered an image, without waiting for its next poll. */
  async function delivered(environment: Environment, wanted: Image): Promise<void> {
    const argoCd = connectArgoCd(environment, parseSettings(settings("{}")).environments[environment]);
    const name = wanted.name.split("/").at(-1)!;
    await waitUntilLive(argoCd, environment, name, wanted, 240);
    assert.deepEqual(await live(environment, name), [imageReference(wanted)]);
  }

  function settings(production: string): string {
    const clusters = `clusters: { hub: sandbox, kubeconfig: ${layout.hub.kubeconfig} }`;
    const metrics = [
      `address: ${prometheus.address}`,
      "traffic: { query: traffic, minimum: 1 }",
      "errorRatio: { query: errors, maximum: 0.01 }",
    ].join(", ");
    return [
      "environments:",
      `  dev: { ${clusters} }`,
      `  staging: { ${clusters}, gates: { metrics: { ${metrics} }, endpoint: { url: "${health.address}" } } }`,
      `  production: { ${clusters}, gates: ${production} }`,
      "",
    ].join("\n");
  }

  before(async () => {
    await sandbox.succeed("up");
    prometheus = await TestServer.start(({ url }, response) => {
      const value = url.searchParams.get("query") === "traffic" ? figures.traffic : figures.errors;
      const result = [{ metric: {}, value: [Date.now() / 1000, value] }];
      sendJson(response, 200, { status: "success", data: { resultType: "vector", result } });
    });
    health = await TestServer.start((_, response) => sendJson(response, 200, { status: healthStatus }));
    clone = await cloneFor("Ada");
    await addEnvironments(sandbox, ["staging", "production"], [service, second]);
    // Vault of the sandbox knows dev alone, so the services do without their secrets here.
    const withoutSecret = (path: string) => {
      const text = readFileSync(join(clone, path), "utf8");
      return text
        .replace("  - external-secret.yaml\n", "")
        .replace(/ {2}- target:\n {6}kind: ExternalSecret\n(?: {4}.*\n| {6}.*\n| {8}.*\n)*/, "");
    };
    const places = ["base", "overlays/dev", "overlays/staging", "overlays/production"];
    const kustomizations = places.flatMap((place) =>
      [service, second].map((name) => `infrastructure/k8s/${place}/${name}/kustomization.yaml`),
    );
    await commit("Run without secrets", {
      ...Object.fromEntries(
        [service, second].map((name) => [`infrastructure/k8s/base/${name}/external-secret.yaml`, undefined]),
      ),
      ...Object.fromEntries(kustomizations.map((path) => [path, withoutSecret(path)])),
      "infrastructure/promotion.yaml": settings("{ image: { digest: true }, approvals: 1 }"),
    });
  });

  after(async () => {
    // With its API server gone the sandbox is only files: no Application of the further environments holds it up.
    await stopAllProcesses(layout);
    await sandbox.remove();
    await Promise.all([prometheus, health].map((server) => server?.stop()));
    for (const folder of clones) rmSync(folder, { recursive: true, force: true });
  });

  const toStaging = [
    "promote",
    "--from",
    "dev",
    "--to",
    "staging",
    "--service",
    service,
    "--yes",
    "--wait",
    "180",
  ];
  const toProduction = [
    "promote",
    "--from",
    "staging",
    "--to",
    "production",
    "--service",
    service,
    "--yes",
    "--wait",
    "180",
  ];

  it("carries a new image from dev through staging to production, each delivered by Argo CD", async () => {
    await release("5.0.0", digestOf("5"));
    await delivered("dev", five);
    const staging = await platform(...toStaging);
    assert.equal(staging.code, 0, staging.stdout + staging.stderr);
    assert.match(staging.stdout, /5\.0\.0 is live and healthy in staging/);
    const production = await platform(...toProduction, "--approved-by", "Grace");
    assert.equal(production.code, 0, production.stdout + production.stderr);
    assert.deepEqual(await live("production"), [imageReference(five)]);
    const status = await platform("status", "--json");
    const { rows } = JSON.parse(status.stdout) as { rows: Record<string, unknown>[] };
    assert.deepEqual(
      rows
        .filter((row) => row["service"] === service)
        .map(({ environment, git, live, sync, health, drift }) => [
          environment,
          ...[git, live, sync, health, drift].map((value) => String(value)),
        ]),
      ["dev", "staging", "production"].map((environment) => {
        const version = imageVersion(five);
        return [environment, version, version, "Synced", "Healthy", ""];
      }),
    );
  });

  const setWindows = (syncWindows: unknown) =>
    sandbox.kubectl(
      ...["patch", "appproject", "platform", "-n", "argocd", "--type", "merge"],
      ...["--patch", JSON.stringify({ spec: { syncWindows } })],
    );
  const closeWindow = (environment: Environment) =>
    setWindows([
      { kind: "deny", schedule: "* * * * *", duration: "1h", namespaces: [`platform-${environment}`] },
    ]);
  const openWindow = () => setWindows(null);

  async function refusedBy(gate: string, argv: readonly string[]): Promise<void> {
    await git("fetch", "--quiet", "origin", "main");
    const head = await git("rev-parse", "origin/main");
    const { code, stdout, stderr } = await platform(...argv);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, new RegExp(`REFUSED ${gate} `));
    assert.equal(await git("ls-remote", "origin", "refs/heads/main"), `${head}\trefs/heads/main`);
  }

  it("stops a bad image at each gate in turn", async () => {
    // Otherwise Argo CD may deliver to dev before the gate looks.
    await closeWindow("dev");
    await release("6.0.0");
    await refusedBy("deployed", toStaging);
    await openWindow();
    await delivered("dev", image("6.0.0"));

    figures = { traffic: "5", errors: "0.2" };
    await refusedBy("metrics", toStaging);
    figures = { traffic: "0", errors: "NaN" };
    await refusedBy("metrics", toStaging);
    figures = { traffic: "5", errors: "0" };

    healthStatus = "degraded";
    await refusedBy("endpoint", toStaging);
    healthStatus = "healthy";

    await closeWindow("staging");
    await refusedBy("window", toStaging);
    await openWindow();

    const staging = await platform(...toStaging);
    assert.equal(staging.code, 0, staging.stdout + staging.stderr);
    await refusedBy("image", toProduction);

    const six = image("6.0.0", digestOf("6"));
    await release("6.0.0", digestOf("6"));
    await delivered("dev", six);
    const pinned = await platform(...toStaging);
    assert.equal(pinned.code, 0, pinned.stdout + pinned.stderr);
    await refusedBy("approval", toProduction);

    await commit("Demand a soak time", { "infrastructure/promotion.yaml": settings("{ soak: 1h }") });
    await refusedBy("soak", toProduction);

    const deployment = readFileSync(join(clone, base, "deployment.yaml"), "utf8");
    await commit("A privileged container", {
      "infrastructure/promotion.yaml": settings("{}"),
      [`${base}/deployment.yaml`]: deployment.replace("allowPrivilegeEscalation: false", "privileged: true"),
    });
    await refusedBy("policy", toProduction);
    await commit("Without privileges", { [`${base}/deployment.yaml`]: deployment });
    await delivered("staging", six);
    const production = await platform(...toProduction);
    assert.equal(production.code, 0, production.stdout + production.stderr);
  });

  it("rolls back to what was healthy before, with automated sync on all the while", async () => {
    const { code, stdout, stderr } = await platform(
      "rollback",
      "--service",
      service,
      "--environment",
      "production",
      "--yes",
      "--wait",
      "180",
    );
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await live("production"), [imageReference(five)]);
    assert.equal((await application("production"))!.spec.syncPolicy.automated.enabled, undefined);
  });

  const emergency = (environment: string, name = service) => [
    "emergency-rollback",
    ...["--service", name, "--environment", environment, "--reason", "end-to-end test"],
    ...["--push-directly", "nobody reviews here", "--yes", "--wait", "180"],
  ];

  it("rolls back in an emergency and ends with automated sync on, the ApplicationSet leaving the freeze alone", async () => {
    const again = await platform(...toProduction);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    const { code, stdout, stderr } = await platform(...emergency("production"));
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await live("production"), [imageReference(five)]);
    const { spec, metadata } = (await application("production"))!;
    assert.equal(spec.syncPolicy.automated.enabled, undefined);
    assert.equal(spec.syncPolicy.automated.selfHeal, true);
    assert.equal(metadata.annotations?.["gitops-platform/freeze"], undefined);
  });

  it("keeps a frozen Application frozen while the ApplicationSet reconciles it", async () => {
    await sandbox.kubectl(
      "patch",
      "application",
      `${service}-production`,
      "-n",
      "argocd",
      "--type",
      "merge",
      "--patch",
      JSON.stringify({
        metadata: { annotations: { "gitops-platform/freeze": "x", touched: "yes" } },
        spec: { syncPolicy: { automated: { enabled: false } } },
      }),
    );
    // An annotation that the set does not generate is taken away by its next reconcile: then the freeze has survived one.
    await sandbox.kubectl(
      "annotate",
      "applicationset",
      "services-production",
      "-n",
      "argocd",
      "argocd.argoproj.io/application-set-refresh=true",
      "--overwrite",
    );
    await eventually(
      async () => (await application("production"))!.metadata.annotations,
      (annotations) => annotations?.["touched"] === undefined,
    );
    const { spec, metadata } = (await application("production"))!;
    assert.equal(spec.syncPolicy.automated.enabled, false);
    assert.equal(metadata.annotations?.["gitops-platform/freeze"], "x");
    await sandbox.kubectl(
      "patch",
      "application",
      `${service}-production`,
      "-n",
      "argocd",
      "--type",
      "merge",
      "--patch",
      JSON.stringify({
        metadata: { annotations: { "gitops-platform/freeze": null } },
        spec: { syncPolicy: { automated: { enabled: null } } },
      }),
    );
  });

  it("lets three people promote at once: what differs is delivered, what is the same is delivered once", async () => {
    const seven = { ...image("7.0.0"), name: `ghcr.io/platform/${second}` };
    await release("7.0.0");
    await release("7.0.0", undefined, second);
    await Promise.all([delivered("dev", image("7.0.0")), delivered("dev", seven)]);
    await git("fetch", "--quiet", "origin", "main");
    const start = await git("rev-parse", "origin/main");
    const people = [
      { folder: clone, promoted: service },
      { folder: await cloneFor("Grace"), promoted: second },
      { folder: await cloneFor("Linus"), promoted: service },
    ];
    const outcomes = await Promise.all(
      people.map(async ({ folder, promoted }) => {
        const argv = ["promote", "--to", "staging", "--service", promoted, "--yes", "--json"];
        const { exitCode, stdout, stderr } = await execa("node", [command, ...argv], {
          cwd: folder,
          env: variables,
          reject: false,
        });
        assert.equal(exitCode, 0, stderr);
        return (JSON.parse(stdout) as { outcome: string }).outcome;
      }),
    );
    assert.equal(outcomes[1], "pushed");
    assert.deepEqual([outcomes[0], outcomes[2]].sort(), ["nothing", "pushed"]);
    await git("fetch", "--quiet", "origin", "main");
    const subjects = (await git("log", "--format=%s", `${start}..origin/main`)).split("\n");
    assert.deepEqual(subjects.sort(), [
      `promote: ${second} 7.0.0 to staging`,
      `promote: ${service} 7.0.0 to staging`,
    ]);
    await Promise.all([delivered("staging", image("7.0.0")), delivered("staging", seven)]);
  });

  it("brings the stable image back after a canary was aborted", async () => {
    const [stable] = await live("dev", "bff");
    assert.ok(stable);
    const recorded = await platform("status", "--environment", "dev", "--record");
    assert.equal(recorded.code, 0, recorded.stderr);
    await release("9.9.9", undefined, "bff");
    await sandbox.kubectl(
      "annotate",
      "application",
      "bff-dev",
      "-n",
      "argocd",
      "argocd.argoproj.io/refresh=normal",
      "--overwrite",
    );
    await eventually(
      () => live("dev", "bff"),
      (images) => images.includes("ghcr.io/platform/bff:9.9.9"),
    );
    await sandbox.kubectl(
      "patch",
      "rollout",
      "bff",
      "-n",
      "platform-dev",
      "--subresource",
      "status",
      "--type",
      "merge",
      "--patch",
      '{"status":{"abort":true}}',
    );
    await eventually(
      async () => (await application("dev", "bff"))?.status?.health.status,
      (status) => status === "Degraded",
    );
    const { code, stdout, stderr } = await platform(...emergency("dev", "bff"));
    assert.equal(code, 0, stdout + stderr);
    await delivered("dev", { name: "ghcr.io/platform/bff", tag: stable.split(":")[1]!, digest: undefined });
    assert.equal((await application("dev", "bff"))!.spec.syncPolicy.automated.enabled, undefined);
  });
});
