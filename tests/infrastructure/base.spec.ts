import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { groupOf, type KubernetesObject, nameOf } from "../../cli/manifests/object";
import { deployableKinds } from "../../components/argo-cd/deployable-kinds";
import { at, list, text } from "../../policy-pack/fields";
import { containers, podTemplates } from "../../policy-pack/workloads";
import { bases, foldersIn, objectsBelow, services, valueOf } from "./delivered";

const canaries = ["bff", "file-storage", "llm-agent"];
const nothingRuns = ["canary", "common", "monitoring"];

function one(objects: readonly KubernetesObject[], kind: string, name?: string): KubernetesObject {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || nameOf(object) === name),
  );
  assert.equal(found.length, 1, `${found.length} objects of kind ${kind}`);
  return found[0]!;
}

describe("the bases", () => {
  it("are those of the services and of what they share", () => {
    assert.deepEqual(foldersIn(bases), [...services, ...nothingRuns].sort());
  });

  it("hold only kinds that the project of the services accepts", () => {
    const accepted = new Set(deployableKinds.map(({ group, kind }) => `${group}/${kind}`));
    for (const object of objectsBelow(bases)) {
      assert.ok(accepted.has(`${groupOf(object)}/${object.kind}`), `${groupOf(object)}/${object.kind}`);
    }
  });

  it("leave namespace and environment to the overlays", () => {
    for (const object of objectsBelow(bases))
      assert.equal(object.metadata?.namespace, undefined, nameOf(object));
  });
});

for (const service of services) {
  describe(`the base of ${service}`, () => {
    const objects = objectsBelow(join(bases, service));
    const workloads = objects.filter(({ kind }) => kind === "Rollout" || kind === "Deployment");
    const workload = workloads[0]!;

    it("runs it once, under its own name, as a canary where users notice", () => {
      assert.deepEqual(
        workloads.map((object) => [object.kind, nameOf(object)]),
        [[canaries.includes(service) ? "Rollout" : "Deployment", service]],
      );
    });

    it("leaves the number of replicas to the autoscaler", () => {
      assert.equal(at(workload, "spec", "replicas"), undefined);
      const target = at(one(objects, "HorizontalPodAutoscaler"), "spec", "scaleTargetRef");
      assert.deepEqual(target, { apiVersion: workload.apiVersion, kind: workload.kind, name: service });
    });

    it("selects its pods and no others, with selectors that never change", () => {
      const labels = { "app.kubernetes.io/name": service };
      assert.deepEqual(at(workload, "spec", "selector", "matchLabels"), labels);
      assert.deepEqual(at(one(objects, "Service"), "spec", "selector"), labels);
      assert.deepEqual(at(one(objects, "PodDisruptionBudget"), "spec", "selector", "matchLabels"), labels);
      const jobs = objects.filter(({ kind }) => kind === "Job");
      for (const job of jobs) {
        const name = at(job, "spec", "template", "metadata", "labels", "app.kubernetes.io/name");
        assert.notEqual(name, service, `pods of ${nameOf(job)} would become endpoints of the Service`);
      }
    });

    it("fetches its Secret from the store of its namespace", () => {
      const secret = one(objects, "ExternalSecret");
      assert.equal(secret.apiVersion, "external-secrets.io/v1");
      assert.deepEqual(at(secret, "spec", "secretStoreRef"), { kind: "SecretStore", name: "vault" });
    });

    it("says who may call it and where it may call", () => {
      const policy = one(objects, "NetworkPolicy", service);
      assert.deepEqual(at(policy, "spec", "podSelector", "matchLabels"), {
        "app.kubernetes.io/name": service,
      });
      assert.notEqual(list(at(policy, "spec", "ingress")).length, 0);
      for (const rule of list(at(policy, "spec", "ingress")))
        assert.notEqual(list(at(rule, "from")).length, 0);
    });

    it("runs every pod without token, without root and without writable root file system", () => {
      for (const pod of objects.flatMap(podTemplates)) {
        assert.equal(pod.spec.automountServiceAccountToken, false);
        assert.equal(pod.spec.serviceAccountName, service);
        assert.equal(at(pod.spec, "securityContext", "runAsNonRoot"), true);
        for (const { fields } of containers(pod)) {
          assert.equal(at(fields, "securityContext", "readOnlyRootFilesystem"), true);
          assert.deepEqual(at(fields, "securityContext", "capabilities", "drop"), ["ALL"]);
          assert.equal(fields.image, `ghcr.io/platform/${service}`, "the tag belongs to the overlay");
        }
      }
    });

    it("is asked whether it lives and whether it is ready by two different probes", () => {
      const [container] = podTemplates(workload).flatMap(containers);
      const path = (probe: string) => at(container!.fields, probe, "httpGet", "path");
      assert.ok(path("startupProbe") && path("livenessProbe") && path("readinessProbe"));
      assert.notEqual(path("livenessProbe"), path("readinessProbe"));
    });
  });
}

describe("a canary", () => {
  for (const service of canaries) {
    it(`of ${service} takes a hashed ConfigMap and is judged at every step before it grows`, () => {
      const rollout = one(objectsBelow(join(bases, service)), "Rollout");
      const { components } = valueOf<{ components?: string[] }>(join(bases, service, "kustomization.yaml"));
      assert.deepEqual(components, ["../canary"]);
      const steps = list(at(rollout, "spec", "strategy", "canary", "steps"));
      assert.deepEqual(
        steps.map((step) => Object.keys(step as object)[0]),
        ["setWeight", "analysis", "setWeight", "analysis"],
      );
      for (const analysis of steps.map((step) => at(step, "analysis")).filter(Boolean)) {
        const templates = list(at(analysis, "templates")).map((template) =>
          text(at(template, "templateName")),
        );
        assert.deepEqual(templates, ["success-rate", "latency"]);
        const hash = list(at(analysis, "args")).find((arg) => at(arg, "name") === "canary-hash");
        assert.equal(at(hash, "valueFrom", "podTemplateHashValue"), "Latest");
      }
      assert.equal(at(rollout, "spec", "progressDeadlineAbort"), true);
    });

    it(`of ${service} has no hooks and no waves, so that a revert is picked up while it runs`, () => {
      for (const object of objectsBelow(join(bases, service))) {
        const annotations = Object.keys(object.metadata?.annotations ?? {});
        assert.deepEqual(
          annotations.filter((name) => name.startsWith("argocd.argoproj.io/")),
          [],
          nameOf(object),
        );
      }
    });
  }
});

for (const template of objectsBelow(join(bases, "common")).filter(
  ({ kind }) => kind === "AnalysisTemplate",
)) {
  describe(`the analysis of the ${nameOf(template)}`, () => {
    const [metric] = list(at(template, "spec", "metrics"));
    const query = text(at(metric, "provider", "prometheus", "query"));

    /** The conditions in the language of the controller, which for these operators is that of JavaScript. */
    function verdict(result: number[]): string {
      const args = new Map(
        list(at(template, "spec", "args")).map((arg) => [text(at(arg, "name")), text(at(arg, "value"))]),
      );
      const holds = (condition: string): boolean => {
        const source = text(at(metric, condition)).replace(/\{\{args\.([\w-]+)\}\}/g, (_, name: string) =>
          args.get(name)!,
        );
        return Boolean(
          new Function("result", "len", `return ${source}`)(result, (value: number[]) => value.length),
        );
      };
      if (holds("failureCondition")) return "failed";
      return holds("successCondition") ? "successful" : "inconclusive";
    }

    it("is inconclusive without a number, with two and with one that is none", () => {
      for (const result of [[], [0.1, 0.9], [Number.NaN]])
        assert.equal(verdict(result), "inconclusive", String(result));
    });

    it("tells a good canary from a bad one", () => {
      const [good, bad] = nameOf(template) === "latency" ? [0.05, 30] : [1, 0.5];
      assert.equal(verdict([good]), "successful");
      assert.equal(verdict([bad]), "failed");
      assert.equal(verdict([nameOf(template) === "latency" ? Number.POSITIVE_INFINITY : 0]), "failed");
    });

    it("asks about the canary's own pods only, and wants a minimum of requests", () => {
      const selectors = [...query.matchAll(/http_[a-z_]+\{([^}]*\}\}[^}]*\}\}[^}]*)\}/g)].map(
        ([, selector]) => selector!,
      );
      assert.notEqual(selectors.length, 0);
      for (const selector of selectors) {
        assert.match(selector, /namespace="\{\{args\.namespace\}\}"/);
        assert.match(selector, /rollouts_pod_template_hash="\{\{args\.canary-hash\}\}"/);
      }
      assert.match(query, /and \(\s*sum\(increase\(http_requests_total.*>= \{\{args\.minimum-requests\}\}/s);
    });

    it("needs more conclusive measurements than it tolerates inconclusive ones", () => {
      const [count, limit] = [Number(at(metric, "count")), Number(at(metric, "inconclusiveLimit"))];
      assert.ok(count > 2 * limit, `${count} measurements, ${limit} may be inconclusive`);
    });

    it("takes the address of Prometheus from the controller of its cluster", () => {
      assert.equal(at(metric, "provider", "prometheus", "address"), undefined);
    });
  });
}

describe("the hooks of workflow-orchestrator", () => {
  const objects = objectsBelow(join(bases, "workflow-orchestrator"));
  const annotation = (kind: string, name: string, key: string) =>
    one(objects, kind, name).metadata?.annotations?.[`argocd.argoproj.io/${key}`];
  const wave = (kind: string, name: string) => Number(annotation(kind, name, "sync-wave") ?? 0);

  it("migrate after what the migration needs and before the new version, also on the first sync", () => {
    const migration = wave("Job", "workflow-orchestrator-migration");
    assert.equal(annotation("Job", "workflow-orchestrator-migration", "hook"), "Sync");
    for (const kind of ["ServiceAccount", "ExternalSecret"]) {
      assert.ok(wave(kind, "workflow-orchestrator") < migration, kind);
    }
    assert.ok(migration < wave("Deployment", "workflow-orchestrator"));
    assert.equal(
      wave("HorizontalPodAutoscaler", "workflow-orchestrator"),
      wave("Deployment", "workflow-orchestrator"),
    );
  });

  it("test the new version once it is healthy", () => {
    assert.equal(annotation("Job", "workflow-orchestrator-smoke-test", "hook"), "PostSync");
  });

  it("give up after a deadline and a few tries, and make room for the next sync", () => {
    for (const name of ["workflow-orchestrator-migration", "workflow-orchestrator-smoke-test"]) {
      const job = one(objects, "Job", name);
      assert.ok(Number(at(job, "spec", "backoffLimit")) > 0);
      assert.ok(Number(at(job, "spec", "activeDeadlineSeconds")) > 0);
      assert.equal(annotation("Job", name, "hook-delete-policy"), "BeforeHookCreation");
    }
  });
});

describe("what services share", () => {
  it("denies every connection that no policy allows", () => {
    const policy = one(objectsBelow(join(bases, "common")), "NetworkPolicy", "default-deny");
    assert.deepEqual(policy["spec"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("brings the labels into metrics by which an analysis finds the canary", () => {
    const monitor = one(objectsBelow(join(bases, "monitoring")), "PodMonitor");
    assert.ok(list(at(monitor, "spec", "podTargetLabels")).includes("rollouts-pod-template-hash"));
  });

  it("leaves each Rollout's metrics in the namespace of the Rollout, which alerts and dashboards name", () => {
    const monitor = one(objectsBelow(join(bases, "monitoring")), "ServiceMonitor");
    for (const endpoint of list(at(monitor, "spec", "endpoints")))
      assert.equal(at(endpoint, "honorLabels"), true);
  });
});
