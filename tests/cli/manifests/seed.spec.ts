import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, it } from "mocha";
import { checkPaths } from "../../../cli/manifests/check-paths";
import type { Finding } from "../../../cli/manifests/finding";
import type { LocatedObject } from "../../../cli/manifests/object";
import { delivery } from "../../../cli/manifests/rules/delivery";
import { references } from "../../../cli/manifests/rules/references";
import { readObjects } from "../../../cli/manifests/yaml";
import type { Environment } from "../../../config/environment";

const project = resolve(__dirname, "../../..");
const seed = join(project, "tests/fixtures/manifests/seed");

/** A defect by its number in docs/workflow-document.md: the file, the rule that refuses it, and its words. */
type Defect = readonly [number: number, defect: string, file: string, rule: RegExp, message: RegExp];

const defects: readonly Defect[] = [
  [1, "base images float", "base/bff/deployment.yaml", /^C2/, /latest/],
  [2, "a fixed count competes with the autoscaler", "base/bff/deployment.yaml", /^W8/, /autoscaler/],
  [3, "an environment has two names", "argocd/applicationset.yaml", /^application$/, /did you mean dev/],
  [
    4,
    "the overlay has more services than bases",
    "production/kustomization.yaml",
    /^readable$/,
    /base\/audit, which does not exist/,
  ],
  [
    5,
    "a monitor is listed that does not exist",
    "base/bff/kustomization.yaml",
    /^readable$/,
    /servicemonitor.yaml, which does not exist/,
  ],
  [
    5,
    "a namespace is listed that does not exist",
    "production/kustomization.yaml",
    /^readable$/,
    /namespace.yaml, which does not exist/,
  ],
  [
    5,
    "policies are listed that do not exist",
    "production/kustomization.yaml",
    /^readable$/,
    /networkpolicies.yaml, which does not exist/,
  ],
  [
    5,
    "a patch is listed that does not exist",
    "production/kustomization.yaml",
    /^readable$/,
    /hpa-production.yaml, which does not exist/,
  ],
  [
    7,
    "commonLabels rewrites selectors",
    "base/bff/kustomization.yaml",
    /^kustomization-fields$/,
    /commonLabels/,
  ],
  [
    9,
    "a Secret is read by a key that its producer does not have",
    "base/bff/deployment.yaml",
    /^references$/,
    /key DATABASE_URL of Secret app-secrets/,
  ],
  [10, "pods have no security context", "base/bff/deployment.yaml", /^W2/, /runAsNonRoot/],
  [10, "the root file system is writable", "base/bff/deployment.yaml", /^W3/, /readOnlyRootFilesystem/],
  [10, "there is no disruption budget", "base/bff/deployment.yaml", /^W8/, /PodDisruptionBudget/],
  [11, "bases is deprecated", "production/kustomization.yaml", /^kustomization-fields$/, /bases/],
  [
    12,
    "replicas compete with the autoscaler",
    "production/kustomization.yaml",
    /^kustomization-fields$/,
    /replicas/,
  ],
  [
    13,
    "images stand beside other changes",
    "production/kustomization.yaml",
    /^kustomization-fields$/,
    /images/,
  ],
  [16, "Argo CD installs itself", "argocd/install.yaml", /^application$/, /installs Argo CD/],
  [16, "it does so in the project default", "argocd/install.yaml", /^A3/, /default/],
  [20, "the namespace argocd has no Pod Security label", "argocd/install.yaml", /^W7/, /./],
  [
    23,
    "the project does not reach the clusters",
    "argocd/applicationset.yaml",
    /^project$/,
    /dev-cluster.example.com, which the project platform does not reach/,
  ],
  [24, "the project of services reaches the namespace argocd", "projects/platform.yaml", /^A1/, /argocd/],
  [
    25,
    "the project refuses what it delivers",
    "projects/platform.yaml",
    /^project$/,
    /external-secrets.io\/ExternalSecret/,
  ],
  [26, "the project of services may write ClusterRoles", "projects/platform.yaml", /^A2/, /ClusterRole/],
  [
    27,
    "one project holds all environments",
    "projects/platform.yaml",
    /^project$/,
    /dev, staging, production/,
  ],
  [27, "production has no sync window", "projects/platform.yaml", /^A12/, /./],
  [28, "health is no field of an Application", "applications/platform-production.yaml", /^C4/, /health/],
  [
    29,
    "differences are ignored, yet overwritten",
    "applications/platform-production.yaml",
    /^application$/,
    /RespectIgnoreDifferences/,
  ],
  [
    30,
    "the namespace has two owners",
    "applications/platform-production.yaml",
    /^application$/,
    /CreateNamespace/,
  ],
  [
    31,
    "deleting a file deletes production",
    "applications/platform-production.yaml",
    /^application$/,
    /finalizer/,
  ],
  [
    32,
    "an Application exists twice",
    "argocd/applicationset.yaml",
    /^one-application$/,
    /makes the Application platform-production/,
  ],
  [
    33,
    "the app of apps lives with the services",
    "argocd/app-of-apps.yaml",
    /^application$/,
    /administrator/,
  ],
  [
    34,
    "templates take a missing value for text",
    "argocd/applicationset.yaml",
    /^A10/,
    /missingkey|missing key/,
  ],
  [
    34,
    "deleting the ApplicationSet deletes everything",
    "argocd/applicationset.yaml",
    /^A10/,
    /preserveResourcesOnDeletion/,
  ],
  [
    43,
    "a Rollout and a Deployment run the same pods",
    "base/bff/rollout.yaml",
    /^rollout$/,
    /Deployment bff/,
  ],
  [43, "the Rollout is not listed", "base/bff/rollout.yaml", /^unread-file$/, /not listed/],
  [44, "the Rollout has no selector", "base/bff/rollout.yaml", /^rollout$/, /selector/],
  [44, "its pods state no resources", "base/bff/rollout.yaml", /^W4/, /memory/],
  [46, "redirects count as failures", "base/bff/rollout.yaml", /^analysis$/, /only 2xx/],
  [46, "NaN decides an analysis", "base/bff/rollout.yaml", /^analysis$/, /failureCondition/],
  [46, "the stable pods hide the canary", "base/bff/rollout.yaml", /^analysis$/, /stable pods/],
  [46, "Prometheus is asked by a relative name", "base/bff/rollout.yaml", /^analysis$/, /one namespace only/],
  [54, "a Secret has two producers", "production/sealed-secrets.yaml", /^one-producer$/, /app-secrets/],
  [55, "a Secret stands in plain text", "secret.yaml", /^S1/, /./],
  [56, "v1beta1 of External Secrets is gone", "external-secrets/secret-store.yaml", /^C4/, /v1beta1/],
  [
    58,
    "several Applications own the same objects",
    "argocd/applicationset-multi-cluster.yaml",
    /^application$/,
    /per service/,
  ],
  [
    59,
    "two ApplicationSets deliver to the same namespaces",
    "argocd/applicationset-multi-cluster.yaml",
    /^one-application$/,
    /same path .* ApplicationSet argocd\/platform/,
  ],
  [60, "a wave delivers the namespace", "sync-waves.yaml", /^W7/, /./],
  [61, "sync windows stand where no field is", "sync-window.yaml", /^C4/, /syncWindows/],
  [
    62,
    "a monitor names a port that nobody serves",
    "monitoring/servicemonitor.yaml",
    /^monitor$/,
    /http-metrics/,
  ],
  [63, "the migration has neither tries nor deadline", "hooks.yaml", /^hook$/, /activeDeadlineSeconds/],
  [63, "a failed migration is in the way of the next sync", "hooks.yaml", /^hook$/, /BeforeHookCreation/],
  [64, "the smoke test's image floats", "hooks.yaml", /^C2/, /latest/],
];

/** What only shows where the base is taken for another environment. */
const elsewhere: readonly Defect[] = [
  [15, "the base brings the store of production", "external-secrets/secret-store.yaml", /^E1/, /production/],
  [
    15,
    "the base brings the keys of production",
    "external-secrets/secret-store.yaml",
    /^E3/,
    /platform\/dev/,
  ],
];

function manifests(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/patches/"))
    .sort();
}

function objectsOf(file: string): readonly LocatedObject[] {
  return readObjects(readFileSync(join(seed, file), "utf8"), file).objects;
}

/** Defects whose objects the document only describes; each stands for a test of its own. */
const alone = new Map<number, [defect: string, test: () => void]>();

alone.set(6, [
  "no base brings the account of the pods",
  () => {
    const found = references(objectsOf("infrastructure/k8s/base/bff/deployment.yaml"), true);
    assert.ok(found.some(({ message }) => message.startsWith("uses ServiceAccount bff, which nothing")));
  },
]);

alone.set(45, [
  "the analysis has no template latency",
  () => {
    const found = references(objectsOf("infrastructure/k8s/base/bff/rollout.yaml"), true);
    assert.ok(
      found.some(({ message }) => message.startsWith("uses AnalysisTemplate latency, which nothing")),
    );
    assert.ok(!found.some(({ message }) => message.includes("AnalysisTemplate success-rate")));
  },
]);

alone.set(47, [
  "the autoscaler scales a Deployment that is now a Rollout",
  () => {
    const spec = { scaleTargetRef: { kind: "Deployment", name: "bff" } };
    const autoscaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "bff" },
      spec,
    };
    const rollout = objectsOf("infrastructure/k8s/base/bff/rollout.yaml");
    const found = references([...rollout, { object: autoscaler, file: "hpa.yaml" }], true);
    assert.ok(found.some(({ message }) => message.startsWith("uses Deployment bff, which nothing")));
  },
]);

alone.set(60, [
  "the autoscaler comes two waves before its target",
  () => {
    const spec = { scaleTargetRef: { kind: "Deployment", name: "bff" } };
    const autoscaler = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "bff" },
      spec,
    };
    const found = delivery([...objectsOf("sync-waves.yaml"), { object: autoscaler, file: "hpa.yaml" }]);
    assert.match(found.find(({ rule }) => rule === "wave")?.message ?? "", /before its target in wave 2/);
  },
]);

describe("the manifests of the workflow document", () => {
  const findings = new Map<Environment, readonly Finding[]>();

  before(async () => {
    for (const environment of ["production", "dev"] as const) {
      findings.set(environment, (await checkPaths(manifests(seed), environment, seed)).findings);
    }
  });

  for (const [environment, list] of [
    ["production", defects],
    ["dev", elsewhere],
  ] as const) {
    for (const [number, defect, file, rule, message] of list) {
      it(`are refused in ${environment}, since ${defect} (${number})`, () => {
        const of = findings.get(environment)!.filter((finding) => finding.file.endsWith(file));
        const found = of.filter((finding) => rule.test(finding.rule) && message.test(finding.message));
        const all = of.map(({ rule, message }) => [rule, message]);
        assert.notEqual(found.length, 0, JSON.stringify(all, undefined, 1));
      });
    }
  }

  for (const [number, [defect, test]] of alone) {
    it(`would be refused with what they lack, since ${defect} (${number})`, test);
  }

  it("are refused file by file, each for a reason", () => {
    const mandatory = findings.get("production")!.filter(({ level }) => level === "mandatory");
    const refused = new Set(mandatory.map(({ file }) => file));
    const taken = manifests(seed)
      .map((path) => relative(seed, path))
      .filter((file) => !refused.has(file));
    assert.deepEqual(taken, []);
  });
});

describe("docs/workflow-document.md", () => {
  const rows = [
    ...readFileSync(join(project, "docs/workflow-document.md"), "utf8").matchAll(
      /^\| (\d+) +\| .* \| (.*) \|$/gm,
    ),
  ].map(([, number, answer]) => ({ number: Number(number), answer: answer!.trim() }));
  const proven = new Set([...defects, ...elsewhere].map(([number]) => number).concat([...alone.keys()]));
  // Built by kustomize, which the unit tests do not have.
  const provenEndToEnd = [8, 14];

  it("names every defect once, in order", () => {
    assert.deepEqual(
      rows.map(({ number }) => number),
      Array.from({ length: 67 }, (_, index) => index + 1),
    );
  });

  it("says of exactly those that the check refuses them for which a test here proves it", () => {
    const said = rows.filter(({ answer }) => answer.includes("`platform check`")).map(({ number }) => number);
    assert.deepEqual(
      said,
      [...proven, ...provenEndToEnd].sort((one, other) => one - other),
    );
  });

  it("names files that exist", () => {
    const paths = rows.flatMap(({ answer }) =>
      [...answer.matchAll(/`([\w./-]+\/[\w./-]+)`/g)].map(([, path]) => path!),
    );
    assert.ok(paths.length > 20);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(project, path))),
      [],
    );
  });
});
