import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { KubernetesObject } from "../../../cli/manifests/object";
import { analysisProblems } from "../../../cli/manifests/rules/analysis";
import { applicationProblems } from "../../../cli/manifests/rules/application";
import { deliveredTogether } from "../../../cli/manifests/rules/delivered";
import { delivery } from "../../../cli/manifests/rules/delivery";
import { hookProblems } from "../../../cli/manifests/rules/hook";
import { monitorProblems } from "../../../cli/manifests/rules/monitor";
import { rolloutProblems } from "../../../cli/manifests/rules/rollout";
import { waveProblems } from "../../../cli/manifests/rules/wave";

function object(kind: string, spec: object, metadata: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name: "bff", namespace: "platform-dev", ...metadata }, spec };
}

/** Deliveries of objects together. */
const together = (...objects: KubernetesObject[]) =>
  deliveredTogether(objects.map((each) => ({ object: each, file: "file.yaml" })));

describe("what is found in delivered objects", () => {
  it("comes with file, line and object", () => {
    const located = { object: object("Rollout", {}), file: "rollout.yaml", line: 7 };
    const [finding] = delivery([located]);
    assert.deepEqual(
      [finding!.file, finding!.line, finding!.object, finding!.rule, finding!.level],
      ["rollout.yaml", 7, "Rollout platform-dev/bff", "rollout", "mandatory"],
    );
  });
});

describe("an analysis", () => {
  const good = {
    name: "success-rate",
    successCondition: "len(result) == 1 && result[0] >= 0.99",
    failureCondition: "len(result) == 1 && result[0] < 0.99",
    provider: { prometheus: { query: 'sum(x{rollouts_pod_template_hash="{{args.canary-hash}}"})' } },
  };
  const problems = (change: object) =>
    analysisProblems(object("AnalysisTemplate", { metrics: [{ ...good, ...change }] }));

  it("that fails closed is taken", () => assert.deepEqual(problems({}), []));

  it("is judged wherever it is kept, and nothing else is", () => {
    const metrics = [{ ...good, failureCondition: undefined }];
    assert.equal(analysisProblems(object("ClusterAnalysisTemplate", { metrics })).length, 1);
    assert.equal(analysisProblems(object("HorizontalPodAutoscaler", { metrics })).length, 0);
  });

  it("needs both conditions, or NaN counts as one of them", () => {
    assert.match(problems({ failureCondition: undefined })[0]!, /no failureCondition/);
  });

  it("must ask how many results there are", () => {
    assert.match(problems({ successCondition: "result[0] >= 0.99" })[0]!, /len\(result\)/);
  });

  it("must look at the canary's own pods", () => {
    assert.match(problems({ provider: { prometheus: { query: "sum(x)" } } })[0]!, /stable pods/);
  });

  it("must not take a redirect for a failure", () => {
    const prometheus = { query: 'sum(x{pod_template_hash="{{args.canary-hash}}", status=~"2.."})' };
    assert.match(problems({ provider: { prometheus } })[0]!, /only 2xx/);
  });

  it("must not ask an address that depends on its namespace", () => {
    const prometheus = { ...good.provider.prometheus, address: "http://prometheus:9090" };
    assert.match(problems({ provider: { prometheus } })[0]!, /one namespace only/);
    const whole = { ...prometheus, address: "https://prometheus.monitoring.svc:9090" };
    assert.deepEqual(problems({ provider: { prometheus: whole } }), []);
  });

  it("by something else than Prometheus is not judged", () => {
    assert.deepEqual(
      analysisProblems(object("AnalysisTemplate", { metrics: [{ name: "job", provider: { job: {} } }] })),
      [],
    );
  });
});

describe("a Rollout", () => {
  const selector = { matchLabels: { app: "bff" } };

  it("needs a selector or a workload to refer to", () => {
    assert.match(rolloutProblems(object("Rollout", {}), together())[0]!, /neither selector nor workloadRef/);
    assert.deepEqual(rolloutProblems(object("Rollout", { workloadRef: { name: "bff" } }), together()), []);
  });

  it("must not run beside a Deployment of the same name or with the same selector", () => {
    const rollout = object("Rollout", { selector });
    const twins = [object("Deployment", {}), object("Deployment", { selector }, { name: "other" })];
    assert.equal(rolloutProblems(rollout, together(...twins)).length, 2);
    const others = [
      object("Deployment", { selector: { matchLabels: { app: "x" } } }, { name: "other" }),
      object("Deployment", { selector }, { namespace: "platform-staging" }),
    ];
    assert.deepEqual(rolloutProblems(rollout, together(...others)), []);
  });
});

describe("a wave", () => {
  const wave = (number: number) => ({
    name: "bff",
    namespace: "platform-dev",
    annotations: { "argocd.argoproj.io/sync-wave": String(number) },
  });
  const autoscaler = (number: number) =>
    object("HorizontalPodAutoscaler", { scaleTargetRef: { kind: "Deployment", name: "bff" } }, wave(number));
  const target = object("Deployment", {}, wave(2));

  it("must not bring an autoscaler before its target", () => {
    assert.match(waveProblems(autoscaler(0), together(target))[0]!, /wave 0, before its target in wave 2/);
    assert.deepEqual(waveProblems(autoscaler(2), together(target)), []);
  });

  it("is not compared with a target in another namespace", () => {
    const elsewhere = { ...target, metadata: { ...target.metadata, namespace: "platform-staging" } };
    assert.deepEqual(waveProblems(autoscaler(0), together(elsewhere)), []);
  });
});

describe("a hook", () => {
  const job = (
    annotations: Record<string, string>,
    podSpec: object = {},
    bounds: object = { backoffLimit: 1, activeDeadlineSeconds: 60 },
  ) => {
    const spec = { ...bounds, template: { spec: { containers: [{ name: "a" }], ...podSpec } } };
    const prefixed = Object.entries(annotations).map(([key, value]) => [`argocd.argoproj.io/${key}`, value]);
    return hookProblems(object("Job", spec, { annotations: Object.fromEntries(prefixed) as object }));
  };

  it("with an end is taken, and so is a Job that is no hook", () => {
    assert.deepEqual(job({ hook: "Sync" }), []);
    assert.deepEqual(job({}, {}, {}), []);
  });

  it("needs a number of tries and a deadline", () => {
    assert.equal(job({ hook: "Sync" }, {}, {}).length, 2);
  });

  it("must be replaced after a failure", () => {
    assert.match(job({ hook: "Sync", "hook-delete-policy": "HookSucceeded" })[0]!, /BeforeHookCreation/);
    assert.deepEqual(job({ hook: "Sync", "hook-delete-policy": "HookSucceeded,BeforeHookCreation" }), []);
  });

  it("before the sync must not need what the first sync brings", () => {
    const needs = [
      { serviceAccountName: "bff" },
      { containers: [{ name: "a", envFrom: [{ configMapRef: { name: "bff" } }] }] },
      {
        containers: [
          { name: "a", env: [{ name: "A", valueFrom: { secretKeyRef: { name: "bff", key: "a" } } }] },
        ],
      },
    ];
    for (const podSpec of needs) assert.match(job({ hook: "PreSync" }, podSpec)[0]!, /PreSync/);
    assert.deepEqual(job({ hook: "PreSync" }), []);
    assert.deepEqual(job({ hook: "Sync" }, needs[0]), []);
  });
});

describe("an Application", () => {
  const spec = {
    project: "platform",
    source: { path: "infrastructure/k8s/overlays/dev/bff" },
    destination: { namespace: "platform-dev" },
    syncPolicy: { syncOptions: ["ServerSideApply=true"] },
  };
  const problems = (change: object) => applicationProblems(object("Application", { ...spec, ...change }));

  it("that only delivers is taken", () => assert.deepEqual(problems({}), []));

  it("must not write into the namespace argocd from a project of services", () => {
    const destination = { namespace: "argocd" };
    assert.match(problems({ destination })[0]!, /administrator/);
    assert.deepEqual(problems({ destination, project: "observability" }), []);
  });

  it("must not install Argo CD", () =>
    assert.match(problems({ source: { chart: "argo-cd" } })[0]!, /installs Argo CD/));

  it("must not create its namespace", () => {
    assert.match(problems({ syncPolicy: { syncOptions: ["CreateNamespace=true"] } })[0]!, /CreateNamespace/);
  });

  it("that ignores differences must do so in a sync too", () => {
    const ignoreDifferences = [{ kind: "Deployment", jsonPointers: ["/spec/replicas"] }];
    assert.match(problems({ ignoreDifferences })[0]!, /RespectIgnoreDifferences/);
    const syncPolicy = { syncOptions: ["RespectIgnoreDifferences=true"] };
    assert.deepEqual(problems({ ignoreDifferences, syncPolicy }), []);
  });
});

describe("an ApplicationSet", () => {
  const matrix = {
    matrix: {
      generators: [{ clusters: {} }, { list: { elements: [{ service: "bff" }, { service: "audit" }] } }],
    },
  };
  const problems = (path: string) =>
    applicationProblems(
      object("ApplicationSet", {
        generators: [matrix],
        template: {
          metadata: { name: "{{service}}-{{name}}" },
          spec: { source: { path }, destination: { server: "{{server}}" } },
        },
      }),
    );

  it("must not deliver the same path once per service", () => {
    assert.match(problems("infrastructure/k8s/overlays/production")[0]!, /per service/);
    assert.deepEqual(problems("infrastructure/k8s/overlays/production/{{service}}"), []);
    assert.deepEqual(problems("infrastructure/k8s/overlays/production/{{ .service }}"), []);
  });
});

describe("a ServiceMonitor", () => {
  const problems = (label: string, port: string) =>
    monitorProblems(
      object("ServiceMonitor", { selector: { matchLabels: { name: label } }, endpoints: [{ port }] }),
    );

  it("of Argo CD must name the port that its Services have", () => {
    assert.match(problems("argocd-metrics", "metrics")[0]!, /http-metrics/);
    assert.deepEqual(problems("argocd", "http-metrics"), []);
    assert.deepEqual(problems("argo-rollouts", "metrics"), []);
  });
});
