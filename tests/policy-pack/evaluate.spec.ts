import assert from "node:assert/strict";
import { evaluate, type EvaluateOptions } from "../../policy-pack/evaluate";
import { parseExemptions, type Exemption } from "../../policy-pack/exemptions";
import { rules } from "../../policy-pack/rules";
import type { KubernetesObject, ObjectRule } from "../../policy-pack/rule";
import { guardUnknown } from "../../policy-pack/unknown-value";
import { clusterSecret, deployment, disruptionBudget, networkPolicy } from "./cases/objects";

const base: EvaluateOptions = {
  environment: "production",
  exemptions: [],
  now: new Date("2026-06-15T12:00:00Z"),
  rules,
  complete: false,
};

function broken(): KubernetesObject {
  const object = structuredClone(deployment());
  (object.spec as { template: { spec: Record<string, unknown> } }).template.spec.hostNetwork = true;
  return object;
}

const neighbours = [networkPolicy(), disruptionBudget()];

function judge(objects: readonly KubernetesObject[], options: Partial<EvaluateOptions> = {}) {
  return evaluate(
    objects.map((object) => ({ object })),
    { ...base, ...options },
  );
}

function exemption(changes: Partial<Exemption> = {}): Exemption {
  return {
    rule: "W1/host-namespaces",
    kind: "Deployment",
    namespace: "platform-production",
    name: "bff",
    deliveredBy: "git",
    optional: false,
    reason: "An example that is long enough.",
    owner: "platform-team",
    expires: "2026-06-30",
    ...changes,
  };
}

const throwing: ObjectRule = {
  id: "W1",
  title: "t",
  severity: "low",
  why: "w",
  fix: "f",
  link: "l",
  check: () => {
    throw new Error("canary");
  },
};

describe("evaluating objects", () => {
  it("finds nothing wrong with objects that keep to every rule", () => {
    assert.deepEqual(judge([deployment(), ...neighbours]), []);
  });

  it("says rule, object, field, what is wrong and what to do in one line", () => {
    const [violation] = judge([broken(), ...neighbours]);
    assert.equal(
      violation?.message,
      "W1/host-namespaces Pods keep to the baseline Pod Security Standard: Deployment platform-production/bff " +
        "spec.template.spec.hostNetwork: shares a namespace of the node. " +
        "Fix: Remove the field, or set the value that the standard allows.",
    );
    assert.equal(violation?.level, "mandatory");
  });

  it("looks into lists, and into lists of lists", () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "apps/v1", kind: "DeploymentList", items: [broken()] }, ...neighbours],
    };
    assert.deepEqual(
      judge([list]).map(({ rule }) => rule),
      ["W1/host-namespaces"],
    );
  });

  it("takes the level of the environment", () => {
    const object = structuredClone(deployment());
    const [container] = (object.spec as { template: { spec: { containers: { readinessProbe?: object }[] } } })
      .template.spec.containers;
    delete container!.readinessProbe;
    const inDev = { ...object, metadata: { name: "bff", namespace: "platform-dev" } };
    const policies = neighbours.map((other) => ({
      ...other,
      metadata: { ...other.metadata, namespace: "platform-dev" },
    }));
    assert.deepEqual(
      judge([inDev, ...policies], { environment: "dev" }).map(({ rule, level }) => `${rule} ${level}`),
      ["W5/readiness advisory"],
    );
  });

  it("does not ask a rule that is switched off", () => {
    let asked = 0;
    const check = () => {
      asked += 1;
      return [];
    };
    const counting = [{ ...throwing, check }];
    assert.deepEqual(judge([broken()], { rules: counting, levels: () => "off" }), []);
    assert.equal(asked, 0);
    judge([broken()], { rules: counting });
    assert.equal(asked, 1);
  });

  it("fails, and quotes nothing, where a rule cannot judge an object", () => {
    const [violation] = judge([{ apiVersion: "v1", kind: "ConfigMap" }], { rules: [throwing] });
    assert.equal(violation?.level, "mandatory");
    assert.doesNotMatch(violation!.message, /canary/);
  });

  it("judges what is known of a registration whose token is issued during the update", () => {
    const tenancy = rules.filter(({ id }) => id === "A14");
    const registration = (data: Record<string, string>) =>
      guardUnknown({ ...clusterSecret(), stringData: "unknown", data }, (value) => value === "unknown");
    const encoded = (namespaces: string) => ({ namespaces: Buffer.from(namespaces).toString("base64") });
    const problems = (data: Record<string, string>) =>
      judge([registration(data) as KubernetesObject], { rules: tenancy }).map(({ message }) => message);
    assert.deepEqual(problems(encoded("platform-production")), []);
    assert.match(problems(encoded("")).join(), /gives Argo CD every namespace/);
    assert.match(problems({}).join(), /stringData: is only known during the update/);
  });

  it("fails where a mandatory rule meets an unknown value, and names the field", () => {
    const object = broken();
    (object.spec as { template: { spec: Record<string, unknown> } }).template.spec.hostNetwork = "unknown";
    const guarded = guardUnknown(object, (value) => value === "unknown") as KubernetesObject;
    const [violation, ...others] = judge([guarded, ...neighbours]);
    assert.equal(violation?.rule, "W1");
    assert.equal(violation?.path, "spec.template.spec.hostNetwork");
    assert.deepEqual(others, []);
  });

  it("shows no rule the values of a Secret", () => {
    const seen: string[] = [];
    const spy: ObjectRule = { ...throwing, check: (object) => (seen.push(JSON.stringify(object)), []) };
    const config = JSON.stringify({
      bearerToken: "canary",
      tlsClientConfig: { insecure: true, keyData: "canary" },
    });
    const secret = {
      ...clusterSecret(),
      data: {
        password: Buffer.from("canary").toString("base64"),
        config: Buffer.from(config).toString("base64"),
      },
      stringData: { name: "eu", token: "canary", config },
    };
    judge([secret], { rules: [spy] });
    assert.doesNotMatch(seen.join(), /canary|Y2FuYXJ5/);
    assert.match(seen.join(), /insecure\\":true/);
  });
});

describe("an exemption", () => {
  const objects = [broken(), ...neighbours];

  it("covers one rule and one object", () => {
    assert.deepEqual(judge(objects, { exemptions: [exemption()], complete: true }), []);
    assert.deepEqual(judge(objects, { exemptions: [exemption({ rule: "W1" })], complete: true }), []);
    assert.deepEqual(judge(objects, { exemptions: [exemption({ name: "b*" })], complete: true }), []);
  });

  for (const [title, changes] of [
    ["another control", { rule: "W1/privileged" }],
    ["another object", { name: "b" }],
    ["another kind", { kind: "StatefulSet" }],
    ["another namespace", { namespace: "argocd" }],
    ["what Pulumi applies", { deliveredBy: "pulumi" }],
    ["another environment", { environments: ["dev"] }],
  ] as const) {
    it(`for ${title} covers nothing`, () => {
      const exemptions = [exemption(changes as Partial<Exemption>)];
      assert.deepEqual(
        judge(objects, { exemptions }).map(({ rule }) => rule),
        ["W1/host-namespaces"],
      );
    });
  }

  it("holds on its last day and is a violation from the next day on", () => {
    const exemptions = [exemption({ expires: "2026-06-15" })];
    assert.deepEqual(judge(objects, { exemptions, complete: true }), []);
    const expired = judge(objects, { exemptions, complete: true, now: new Date("2026-06-16T00:00:00Z") });
    assert.deepEqual(
      expired.map(({ rule, level }) => `${rule} ${level}`),
      ["W1/host-namespaces mandatory", "exemptions mandatory"],
    );
  });

  it("that nothing needs is a violation, where everything has been seen", () => {
    const exemptions = [exemption()];
    const objects = [deployment(), ...neighbours];
    assert.deepEqual(judge(objects, { exemptions, complete: false }), []);
    assert.match(judge(objects, { exemptions, complete: true })[0]!.message, /nothing needs it any more/);
  });

  it("for an object that only some stacks deliver may lie idle where it is not delivered", () => {
    const exemptions = [exemption({ optional: true })];
    assert.deepEqual(judge(neighbours, { exemptions, complete: true }), []);
    assert.match(
      judge([deployment(), ...neighbours], { exemptions, complete: true })[0]!.message,
      /nothing needs it any more/,
    );
  });

  it("needs a rule, an object by name, a reason, an owner and an end", () => {
    const valid =
      "- { rule: W1, kind: Pod, namespace: a, name: b, deliveredBy: git, reason: long enough to convince, owner: me, expires: 2027-01-01 }";
    assert.equal(parseExemptions(valid).length, 1);
    for (const [wrong, field] of [
      [valid.replace("rule: W1", "rule: all"), "rule"],
      [valid.replace("name: b", 'name: "*"'), "name"],
      [valid.replace("long enough to convince", "because"), "reason"],
      [valid.replace("owner: me, ", ""), "owner"],
      [valid.replace("2027-01-01", "never"), "expires"],
      [valid.replace("kind: Pod", "kind: Pod, colour: red"), "0"],
    ] as const) {
      assert.throws(() => parseExemptions(wrong), new RegExp(`\\[0\\.?${field === "0" ? "" : field}\\]`));
    }
  });
});
