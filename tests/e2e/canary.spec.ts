import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { parseImageFile } from "../../cli/promotion/image-file";
import { imagePath } from "../../cli/promotion/overlay";
import { sandboxLayout } from "../../sandbox/layout";
import { runPlatform } from "../cli/support/platform";
import { alertExpressions, panelExpressions, wantedMetrics } from "../infrastructure/expressions";
import { CanaryPrometheus, type Figures } from "./canary-prometheus";
import { eventually } from "./eventually";
import { SandboxClone } from "./sandbox-clone";
import { TestSandbox } from "./sandbox-command";
import { WorkTree } from "./work-tree";

const namespace = "platform-dev";
const canaries = ["bff", "llm-agent", "file-storage"];

const good: Figures = { requests: 500, errorRatio: "0", seconds: "0.05", age: 0 };

/** What the pods of a version do, by its tag; those of a tag that is not here were never scraped. */
const versions: Readonly<Record<string, Figures>> = {
  "3.0.0-good": good,
  "3.0.0-failing": { ...good, errorRatio: "0.2" },
  "3.0.0-slow": { ...good, seconds: "4" },
  "3.0.0-quiet": { ...good, requests: 3 },
  "3.0.0-stale": { ...good, age: 3 },
  // Of a histogram without observations the percentile is no number.
  "3.0.0-nan": { ...good, errorRatio: "NaN", seconds: "NaN" },
};

interface Rollout {
  spec: { strategy: { canary: { steps: object[] } } };
  status: {
    abort?: boolean;
    phase: string;
    currentStepIndex?: number;
    currentPodHash: string;
    stableRS: string;
    pauseConditions?: { reason: string }[];
  };
}

interface Job {
  metadata: { creationTimestamp: string };
  status: { completionTime?: string; succeeded?: number };
  spec: { template: { spec: { containers: { image: string }[] } } };
}

interface AnalysisRun {
  metadata: { labels: Record<string, string> };
  status: { phase: string; metricResults?: { name: string; phase: string }[] };
}

/** The series of an endpoint: names of their labels by metric. */
async function seriesOf(port: number): Promise<Map<string, Set<string>>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const series = new Map<string, Set<string>>();
  for (const [, metric, labels = ""] of (await response.text()).matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
    const known = series.get(metric!) ?? new Set<string>();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    series.set(metric!, known);
  }
  return series;
}

describe("canaries judged by Prometheus", () => {
  const workTree = new WorkTree();
  const sandbox = new TestSandbox(28_440, workTree.path);
  let prometheus: CanaryPrometheus;
  let clone: SandboxClone;

  const get = async <T>(...what: string[]) =>
    JSON.parse(await sandbox.kubectl("get", ...what, "-n", namespace, "-o", "json")) as T;
  const rollout = (name: string) => get<Rollout>("rollout", name);
  const health = (name: string) =>
    sandbox.kubectl(
      "get",
      "application",
      `${name}-dev`,
      "-n",
      "argocd",
      "-o",
      "jsonpath={.status.health.status}",
    );

  /** The image of the pods with a template hash. */
  const imageOf = (hash: string) =>
    sandbox.kubectl(
      ...["get", "replicaset", "-n", namespace, "-l", `rollouts-pod-template-hash=${hash}`],
      ...["-o", "jsonpath={.items[0].spec.template.spec.containers[0].image}"],
    );

  const platform = (...argv: string[]) => {
    const { hub } = sandboxLayout(sandbox.directory, sandbox.port);
    return runPlatform(clone.directory, argv, { ...clone.environment, KUBECONFIG: hub.kubeconfig });
  };

  /** Brings versions to dev, as a delivery pipeline does. */
  const release = (tags: Readonly<Record<string, string>>) =>
    clone.change(
      `Deliver ${Object.values(tags).join(", ")}`,
      Object.fromEntries(
        Object.entries(tags).map(([service, tag]) => {
          const path = imagePath("dev", service);
          return [
            path,
            (text: string) => {
              const file = parseImageFile(text, path);
              return file.withImage({ ...file.image, tag, digest: undefined });
            },
          ];
        }),
      ),
    );

  /** The Rollout once the controller has decided about a version. */
  const decided = async (service: string, tag: string) => {
    const { status } = await eventually(
      async () => {
        const { spec, status } = await rollout(service);
        const current = (await imageOf(status.currentPodHash)).endsWith(`:${tag}`);
        const steps = spec.strategy.canary.steps.length;
        return {
          status,
          over:
            current &&
            (status.phase === "Healthy" ? status.currentStepIndex === steps : status.phase !== "Progressing"),
        };
      },
      ({ over }) => over,
    );
    return status;
  };

  const analysesOf = async (hash: string) => {
    const { items } = await get<{ items: AnalysisRun[] }>(
      "analysisruns",
      "-l",
      `rollouts-pod-template-hash=${hash}`,
    );
    return items.map(({ status }) => status);
  };

  before(async () => {
    prometheus = await CanaryPrometheus.start(
      async (hash) => versions[(await imageOf(hash)).split(":")[1] ?? ""],
    );
    await workTree.clone();
    workTree.set("Pulumi.dev.yaml", ["config", "gitops-platform:prometheusAddress"], prometheus.address);
    await sandbox.succeed("up");
    clone = await SandboxClone.create(sandbox);
  });

  after(async () => {
    await sandbox.remove();
    await prometheus?.stop();
    clone?.remove();
    workTree.remove();
  });

  it("follow on a first sync in which the migration ran before the service and the smoke test after it", async () => {
    const job = (name: string) => get<Job>("job", `workflow-orchestrator-${name}`);
    const [migration, smokeTest] = [await job("migration"), await job("smoke-test")];
    const deployment = await get<
      Job & { status: { conditions: { type: string; lastUpdateTime: string }[] } }
    >(...["deployment", "workflow-orchestrator"]);
    const config = await get<{ items: Job[] }>(
      "configmap",
      "-l",
      "app.kubernetes.io/name=workflow-orchestrator",
    );
    const times = [
      config.items[0]!.metadata.creationTimestamp,
      migration.metadata.creationTimestamp,
      migration.status.completionTime,
      deployment.metadata.creationTimestamp,
      smokeTest.metadata.creationTimestamp,
      smokeTest.status.completionTime,
    ];
    assert.deepEqual(times, [...times].sort(), times.join("\n"));
    // Times are in seconds; between a hook's beginning and what comes after it lies a wave, which takes two.
    assert.equal(new Set([times[1], times[3], times[4]]).size, 3, times.join("\n"));
    const [image] = deployment.spec.template.spec.containers.map(({ image }) => image);
    for (const { spec } of [migration, smokeTest])
      assert.equal(spec.template.spec.containers[0]!.image, image);
  });

  it("take analyses in dev by a commit", async () => {
    const common = "infrastructure/k8s/base/common";
    const hurry = (text: string) =>
      text.replace("initialDelay: 1m", "initialDelay: 1s").replace("interval: 1m", "interval: 2s");
    const judged = (text: string) => {
      const overlay = parse(text) as { patches: { target: { kind: string } }[] };
      const patches = overlay.patches.filter(({ target }) => target.kind !== "Rollout");
      assert.equal(patches.length, overlay.patches.length - 1);
      return stringify({ ...overlay, patches });
    };
    const { hub } = sandboxLayout(sandbox.directory, sandbox.port);
    const clusters = { hub: "sandbox", kubeconfig: hub.kubeconfig };
    await clone.change("Judge canaries in dev, in a hurry", {
      [`${common}/analysis-success-rate.yaml`]: hurry,
      [`${common}/analysis-latency.yaml`]: hurry,
      ...Object.fromEntries(
        canaries.map((name) => [`infrastructure/k8s/overlays/dev/${name}/kustomization.yaml`, judged]),
      ),
      "infrastructure/promotion.yaml": () =>
        stringify(
          { environments: { dev: { clusters }, staging: { clusters }, production: { clusters } } },
          { aliasDuplicateObjects: false },
        ),
    });
    for (const name of canaries) {
      await eventually(
        () => rollout(name),
        ({ spec, status }) => spec.strategy.canary.steps.length === 4 && status.phase === "Healthy",
      );
    }
    const recorded = await platform("status", "--environment", "dev", "--record");
    assert.equal(recorded.code, 0, recorded.stderr);
    await release({ bff: "3.0.0-good", "llm-agent": "3.0.0-failing", "file-storage": "3.0.0-silent" });
  });

  it("advance to the end on good figures of their own pods", async () => {
    const status = await decided("bff", "3.0.0-good");
    assert.equal(status.phase, "Healthy");
    assert.equal(status.stableRS, status.currentPodHash);
    const analyses = await analysesOf(status.currentPodHash);
    assert.deepEqual(
      analyses.map(({ phase }) => phase),
      ["Successful", "Successful"],
    );
    assert.ok(prometheus.asked.has(status.currentPodHash));
  });

  it("abort on bad figures, and leave users on the version before", async () => {
    const before = await imageOf((await rollout("llm-agent")).status.stableRS);
    const status = await decided("llm-agent", "3.0.0-failing");
    assert.equal(status.abort, true);
    assert.equal(status.phase, "Degraded");
    assert.equal(await imageOf(status.stableRS), before);
    const [analysis] = await analysesOf(status.currentPodHash);
    assert.equal(analysis?.phase, "Failed");
    assert.equal(analysis.metricResults?.find(({ name }) => name === "success-rate")?.phase, "Failed");
    assert.equal(prometheus.asked.has(status.stableRS), false, "asked about the stable pods");
    await eventually(
      () => health("llm-agent"),
      (text) => text === "Degraded",
    );
  });

  it("pause when nobody can say how they do: no series", async () => {
    const status = await decided("file-storage", "3.0.0-silent");
    assert.deepEqual([status.phase, status.abort ?? false], ["Paused", false]);
    assert.ok(status.pauseConditions?.some(({ reason }) => reason === "InconclusiveAnalysisRun"));
    assert.equal((await analysesOf(status.currentPodHash))[0]?.phase, "Inconclusive");
  });

  it("are shown in the status with what to do in git", async () => {
    const { code, stdout } = await platform("status", "--environment", "dev");
    assert.equal(code, 0);
    assert.match(stdout, /llm-agent .*aborted.*platform rollback --service llm-agent --environment dev/s);
    assert.match(stdout, /file-storage .*inconclusive/s);
  });

  it("are healthy again after the rollback in git that the status names", async () => {
    const { code, stdout, stderr } = await platform(
      ...["rollback", "--service", "llm-agent", "--environment", "dev"],
      ...["--reason", "canary aborted", "--yes", "--wait", "180"],
    );
    assert.equal(code, 0, stdout + stderr);
    assert.equal((await rollout("llm-agent")).status.phase, "Healthy");
    const { stdout: status } = await platform("status", "--environment", "dev");
    assert.doesNotMatch(status, /rollback --service llm-agent/);
  });

  it("pause on stale figures, on too little traffic and on what is no number, also one after the other", async () => {
    await release({ bff: "3.0.0-stale", "llm-agent": "3.0.0-quiet", "file-storage": "3.0.0-nan" });
    for (const [service, tag] of [
      ["bff", "3.0.0-stale"],
      ["llm-agent", "3.0.0-quiet"],
      ["file-storage", "3.0.0-nan"],
    ] as const) {
      const status = await decided(service, tag);
      assert.deepEqual([status.phase, status.abort ?? false], ["Paused", false], tag);
      assert.equal((await analysesOf(status.currentPodHash))[0]?.phase, "Inconclusive", tag);
    }
  });

  it("abort when only the latency is bad", async () => {
    await release({ bff: "3.0.0-slow" });
    const status = await decided("bff", "3.0.0-slow");
    assert.equal(status.abort, true);
    const [analysis] = await analysesOf(status.currentPodHash);
    assert.equal(analysis?.metricResults?.find(({ name }) => name === "latency")?.phase, "Failed");
  });

  it("leave behind every metric, with every label, that an alert or a dashboard asks for", async () => {
    const { ports, hub } = sandboxLayout(sandbox.directory, sandbox.port);
    const endpoints = [
      ports.applicationControllerMetrics,
      ports.repoServerMetrics,
      hub.ports.rolloutsMetrics,
    ];
    const series = new Map((await Promise.all(endpoints.map(seriesOf))).flatMap((each) => [...each]));
    const wanted = [...alertExpressions(), ...panelExpressions()].flatMap((expression) =>
      wantedMetrics(expression).map((metric) => ({ ...metric, name: expression.name })),
    );
    assert.ok(wanted.length > 10);
    const missing = wanted.flatMap(({ name, metric, labels }) => {
      const found = series.get(metric);
      if (!found) return [`${name}: ${metric} does not exist`];
      return labels
        .filter((label) => !found.has(label))
        .map((label) => `${name}: ${metric} has no label ${label}`);
    });
    assert.deepEqual(missing, []);
  });
});
