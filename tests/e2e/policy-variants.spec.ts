import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyEvent } from "@pulumi/pulumi/automation";
import { CustomResource, type Input } from "@pulumi/pulumi";
import * as kubernetes from "@pulumi/kubernetes";
import { RandomPassword } from "@pulumi/random";
import { environments } from "../../config/environment";
import type { KubernetesObject } from "../../policy-pack/rule";
import { rules } from "../../policy-pack/rules";
import { contextName } from "../../sandbox/control-plane/kubeconfig";
import { brokenSets, type Broken } from "../policy-pack/broken";
import { deployment, disruptionBudget, networkPolicy } from "../policy-pack/cases/objects";
import { resourceOf } from "../policy-pack/pulumi-pack";
import { policyPack, PolicyEngine } from "./policy-engine";

/** The pack knows the whole stack; of a few objects it would say that most exemptions are not needed. */
const fewObjects = { exemptions: "disabled" };

const mandatory = (events: readonly PolicyEvent[]) =>
  events.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");

const ruleOf = ({ policyName }: PolicyEvent) => policyName.split("-")[0]!;

/** Name of the resource that a violation is about. */
const resourceName = ({ resourceUrn }: PolicyEvent) => resourceUrn?.split("::").at(-1) ?? "";

const comparing = new Set(rules.filter((rule) => rule.checkAll).map(({ id }) => id));

/**
 * The cluster of a set with one fault. Sets whose rule compares objects have one of their own, as nothing protects or
 * breaks anything on another cluster; so has the fault of a cluster itself, and projects, which Applications refer to.
 */
function clusterOf({ rule, objects }: Broken): string {
  if (comparing.has(rule) || rule === "U2") return rule;
  return objects.some(({ kind }) => kind === "AppProject") ? "projects" : "objects";
}

/** Any object as the resource of its kind, also one that the SDK has no class for. */
class ObjectResource extends CustomResource {}

describe("the policy pack in the engine", () => {
  let engine: PolicyEngine;

  before(async () => (engine = await PolicyEngine.start(27_440)));

  after(() => engine.stop());

  const provider = (name: string, clusterIdentifier: string | undefined = name) =>
    new kubernetes.Provider(name, {
      kubeconfig: engine.clusters[0]!.kubeconfig,
      context: contextName,
      ...(clusterIdentifier && { clusterIdentifier }),
    });

  const register = (
    object: KubernetesObject,
    name: string,
    cluster: kubernetes.Provider,
    { protect = true, change = {} as Record<string, Input<unknown>> } = {},
  ) => {
    const { type, properties } = resourceOf(object, {});
    new ObjectResource(
      type,
      name,
      { ...properties, ...change },
      { provider: cluster, protect, additionalSecretOutputs: ["data"] },
    );
  };

  for (const environment of environments) {
    it(`lets the stack ${environment} pass with the listed exemptions alone`, async () => {
      const { failed, output, events } = await engine.preview(environment);
      assert.deepEqual(mandatory(events), []);
      assert.equal(failed, false, output);
    });
  }

  it("refuses every set with one fault by its own rule alone, before anything is written", async () => {
    const { failed, output, events } = await engine.preview("production", {
      config: fewObjects,
      program: () => {
        const clusters = new Map<string, kubernetes.Provider>();
        for (const broken of brokenSets) {
          const name = clusterOf(broken);
          if (!clusters.has(name)) clusters.set(name, provider(name, broken.rule === "U2" ? "" : name));
          for (const [index, object] of broken.objects.entries()) {
            register(object, `${broken.rule}~${index}`, clusters.get(name)!, { protect: broken.protect });
          }
        }
        return Promise.resolve({});
      },
    });
    assert.equal(failed, true, output);
    const refusals = new Map<string, Set<string>>();
    for (const event of mandatory(events)) {
      const set = resourceName(event).split("~")[0]!;
      refusals.set(set, (refusals.get(set) ?? new Set()).add(ruleOf(event)));
    }
    assert.deepEqual(
      Object.fromEntries([...refusals].map(([set, found]) => [set, [...found]])),
      Object.fromEntries(brokenSets.map(({ rule }) => [rule, [rule]])),
    );
    const namespaces = await engine.namespaces();
    assert.ok(namespaces.includes("kube-system"));
    assert.deepEqual(
      namespaces.filter((name) => !/^(default|kube-.*)$/.test(name)),
      [],
    );
  });

  it("fails where a mandatory rule meets a value that is not known yet", async () => {
    const run = (hostNetwork: () => Input<unknown>) =>
      engine.preview("production", {
        config: fewObjects,
        program: async () => {
          const cluster = provider("hub");
          const spec = structuredClone(deployment().spec) as { template: { spec: Record<string, unknown> } };
          spec.template.spec["hostNetwork"] = hostNetwork();
          register(deployment(), "bff", cluster, { change: { spec } });
          register(disruptionBudget(), "budget", cluster);
          register(networkPolicy(), "policy", cluster);
          return Promise.resolve({});
        },
      });
    const known = await run(() => false);
    assert.equal(known.failed, false, known.output);
    const unknown = await run(() =>
      new RandomPassword("chance", { length: 8 }).result.apply((text) => text.startsWith("a")),
    );
    assert.equal(unknown.failed, true, unknown.output);
    const [refusal, ...others] = mandatory(unknown.events);
    assert.equal(refusal?.policyName, "W1");
    assert.match(refusal?.message ?? "", /hostNetwork: is only known during the update/);
    assert.deepEqual(others, []);
  });

  it("fails where the pack cannot be loaded", async () => {
    const folder = mkdtempSync(join(tmpdir(), "policy-pack-"));
    try {
      cpSync(policyPack, folder, { recursive: true });
      for (const pack of [folder, join(folder, "missing")]) {
        const { failed, events } = await engine.preview("production", { pack });
        assert.equal(failed, true, pack);
        assert.deepEqual(events, []);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("takes levels from the configuration of the pack", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "bff", namespace: "platform-production" },
      spec: { type: "LoadBalancer", ports: [{ port: 443 }] },
    };
    const run = (config: object) =>
      engine.preview("production", {
        config: { ...fewObjects, ...config },
        program: () => Promise.resolve(register(service, "bff", provider("hub"))),
      });
    assert.equal((await run({})).failed, true);
    const advised = await run({ N1: "advisory" });
    assert.equal(advised.failed, false, advised.output);
    assert.deepEqual(
      advised.events.map(({ policyName, enforcementLevel }) => `${policyName} ${enforcementLevel}`),
      ["N1 advisory"],
    );
  });

  it("fills in what is safe only where it is asked to", async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
    const run = (config: object) =>
      engine.preview("production", {
        config: { ...fewObjects, ...config },
        program: () => Promise.resolve(register(namespace, "a", provider("hub"))),
      });
    const refused = await run({});
    assert.deepEqual(mandatory(refused.events).map(ruleOf), ["W7"]);
    const mended = await run({ W7: "remediate" });
    assert.equal(mended.failed, false, mended.output);
  });
});
