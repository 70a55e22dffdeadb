import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, it } from "mocha";
import { checkPaths } from "../../../cli/manifests/check-paths";
import type { Finding } from "../../../cli/manifests/finding";

const seed = resolve(__dirname, "../../fixtures/manifests/seed");

/** What is wrong with the manifests of the workflow document: the file, the rule that refuses it, and its words. */
const defects: [defect: string, file: string, rule: RegExp, message: RegExp][] = [
  ["base images float", "base/bff/deployment.yaml", /^C2/, /latest/],
  [
    "files are listed that do not exist",
    "base/bff/kustomization.yaml",
    /^readable$/,
    /servicemonitor.yaml, which does not exist/,
  ],
  [
    "commonLabels rewrites selectors",
    "base/bff/kustomization.yaml",
    /^kustomization-fields$/,
    /commonLabels/,
  ],
  [
    "a Secret is read by a key that its producer does not have",
    "base/bff/deployment.yaml",
    /^references$/,
    /key DATABASE_URL of Secret app-secrets/,
  ],
  ["pods have no security context", "base/bff/deployment.yaml", /^W2/, /runAsNonRoot/],
  ["the root file system is writable", "base/bff/deployment.yaml", /^W3/, /readOnlyRootFilesystem/],
  ["a single replica has no disruption budget", "base/bff/deployment.yaml", /^W8/, /./],
  ["bases is deprecated", "overlays/production/kustomization.yaml", /^kustomization-fields$/, /bases/],
  [
    "replicas compete with the autoscaler",
    "overlays/production/kustomization.yaml",
    /^kustomization-fields$/,
    /replicas/,
  ],
  [
    "images stand beside other changes",
    "overlays/production/kustomization.yaml",
    /^kustomization-fields$/,
    /images/,
  ],
  [
    "four services of the overlay do not exist",
    "overlays/production/kustomization.yaml",
    /^readable$/,
    /base\/audit, which does not exist/,
  ],
  ["Argo CD installs itself", "argocd/install.yaml", /^application$/, /installs Argo CD/],
  ["it does so in the project default", "argocd/install.yaml", /^A3/, /default/],
  ["the namespace argocd has no Pod Security label", "argocd/install.yaml", /^W7/, /./],
  ["the project of services reaches the namespace argocd", "argocd/projects/platform.yaml", /^A1/, /argocd/],
  ["the project of services may write ClusterRoles", "argocd/projects/platform.yaml", /^A2/, /ClusterRole/],
  ["production has no sync window", "argocd/projects/platform.yaml", /^A12/, /./],
  ["health is no field of an Application", "applications/platform-production.yaml", /^C4/, /health/],
  [
    "differences are ignored, yet overwritten",
    "applications/platform-production.yaml",
    /^application$/,
    /RespectIgnoreDifferences/,
  ],
  [
    "the namespace has two owners",
    "applications/platform-production.yaml",
    /^application$/,
    /CreateNamespace/,
  ],
  ["the app of apps lives with the services", "argocd/app-of-apps.yaml", /^application$/, /administrator/],
  ["templates take a missing value for text", "argocd/applicationset.yaml", /^A10/, /missingkey/],
  [
    "deleting the ApplicationSet deletes everything",
    "argocd/applicationset.yaml",
    /^A10/,
    /preserveResourcesOnDeletion/,
  ],
  [
    "several Applications own the same objects",
    "argocd/applicationset-multi-cluster.yaml",
    /^application$/,
    /per service/,
  ],
  ["a Rollout and a Deployment run the same pods", "base/bff/rollout.yaml", /^rollout$/, /Deployment bff/],
  ["the Rollout has no selector", "base/bff/rollout.yaml", /^rollout$/, /selector/],
  ["NaN decides an analysis", "base/bff/rollout.yaml", /^analysis$/, /failureCondition/],
  ["the stable pods hide the canary", "base/bff/rollout.yaml", /^analysis$/, /stable pods/],
  ["Prometheus is asked by a relative name", "base/bff/rollout.yaml", /^analysis$/, /one namespace only/],
  ["a Secret has two producers", "external-secrets/secret-store.yaml", /^one-producer$/, /app-secrets/],
  ["a Secret stands in plain text", "secret.yaml", /^S1/, /./],
  ["v1beta1 of External Secrets is gone", "external-secrets/secret-store.yaml", /^C4/, /v1beta1/],
  [
    "a monitor names a port that nobody serves",
    "monitoring/servicemonitor.yaml",
    /^monitor$/,
    /http-metrics/,
  ],
  ["sync windows stand where no field is", "sync-window.yaml", /^C4/, /syncWindows/],
  ["a hook has neither tries nor deadline", "hooks.yaml", /^hook$/, /activeDeadlineSeconds/],
  ["a failed hook is in the way of the next sync", "hooks.yaml", /^hook$/, /BeforeHookCreation/],
  ["the smoke test's image floats", "hooks.yaml", /^C2/, /latest/],
];

function manifests(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/patches/"));
}

describe("the manifests of the workflow document", () => {
  let findings: readonly Finding[] = [];

  before(async () => {
    ({ findings } = await checkPaths(manifests(seed), "production", seed));
  });

  for (const [defect, file, rule, message] of defects) {
    it(`are refused, since ${defect}`, () => {
      const of = findings.filter((finding) => finding.file.endsWith(file) && finding.level === "mandatory");
      const found = of.filter((finding) => rule.test(finding.rule) && message.test(finding.message));
      assert.notEqual(
        found.length,
        0,
        JSON.stringify(
          of.map(({ rule, message }) => [rule, message]),
          undefined,
          1,
        ),
      );
    });
  }

  it("are refused file by file, each for a reason", () => {
    const refused = new Set(findings.filter(({ level }) => level === "mandatory").map(({ file }) => file));
    const taken = manifests(seed)
      .map((path) => relative(seed, path))
      .filter((file) => !refused.has(file));
    assert.deepEqual(taken, []);
  });
});
