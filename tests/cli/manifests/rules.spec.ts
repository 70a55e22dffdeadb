import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Rendered } from "../../../cli/manifests/build";
import type { KubernetesObject, LocatedObject } from "../../../cli/manifests/object";
import { canaryHooks } from "../../../cli/manifests/rules/canary-hooks";
import { overlayNamespace } from "../../../cli/manifests/rules/kustomization-fields";
import { oneOwner } from "../../../cli/manifests/rules/one-owner";
import { oneProducer } from "../../../cli/manifests/rules/one-producer";
import { permittedKinds } from "../../../cli/manifests/rules/permitted-kinds";
import { references } from "../../../cli/manifests/rules/references";
import { sealedFor } from "../../../cli/manifests/rules/sealed-for";
import type { Environment } from "../../../config/environment";

function object(
  kind: string,
  name: string,
  fields: object = {},
  namespace = "platform-dev",
): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name, namespace }, ...fields };
}

function located(...objects: KubernetesObject[]): LocatedObject[] {
  return objects.map((each) => ({ object: each, file: "file.yaml" }));
}

function build(service: string, objects: KubernetesObject[], environment: Environment = "dev"): Rendered {
  const path = `infrastructure/k8s/overlays/${environment}/${service}`;
  return {
    directory: `/${path}`,
    path,
    environment,
    service,
    kustomizations: [],
    objects: located(...objects),
    problems: [],
  };
}

function deployment(container: object, spec: object = {}): KubernetesObject {
  const containers = [{ name: "bff", ...container }];
  return {
    ...object("Deployment", "bff"),
    apiVersion: "apps/v1",
    spec: { template: { spec: { containers, ...spec } } },
  };
}

const externalSecret = {
  ...object("ExternalSecret", "bff", {
    spec: {
      target: { name: "bff" },
      data: [{ secretKey: "session-key", remoteRef: { key: "platform/dev/bff" } }],
    },
  }),
  apiVersion: "external-secrets.io/v1",
};

function messages(...objects: KubernetesObject[]): string[] {
  return references(located(...objects), true).map(({ message }) => message);
}

describe("one owner of an object", () => {
  it("refuses an object that two overlays of an environment deliver, also under two API versions", () => {
    const [first, second] = [
      build("bff", [object("ConfigMap", "a")]),
      build("audit", [object("ConfigMap", "a")]),
    ];
    const [finding] = oneOwner([first, second]);
    assert.match(finding!.message, /overlays\/dev\/bff/);
    const autoscaler = (version: string) => ({
      ...object("HorizontalPodAutoscaler", "a"),
      apiVersion: `autoscaling/${version}`,
    });
    assert.equal(oneOwner([build("a", [autoscaler("v1")]), build("b", [autoscaler("v2")])]).length, 1);
  });

  it("takes the same name in another namespace or kind", () => {
    const other = [object("ConfigMap", "a", {}, "argocd"), object("Service", "a")];
    assert.deepEqual(oneOwner([build("bff", [object("ConfigMap", "a")]), build("audit", other)]), []);
  });
});

describe("one producer of a Secret", () => {
  it("refuses a Secret that is sealed and fetched", () => {
    const findings = oneProducer(located(object("SealedSecret", "bff"), externalSecret));
    assert.match(findings[0]!.message, /SealedSecret platform-dev\/bff/);
  });

  it("names the line of the second producer", () => {
    const [first, second] = [object("SealedSecret", "bff"), object("Secret", "bff")];
    const findings = oneProducer([
      { object: first, file: "a", line: 1 },
      { object: second, file: "b", line: 5 },
    ]);
    assert.deepEqual([findings[0]!.file, findings[0]!.line], ["b", 5]);
  });

  it("takes Secrets of different names", () => {
    assert.deepEqual(oneProducer(located(object("SealedSecret", "smtp"), externalSecret)), []);
  });
});

describe("references", () => {
  const secretVariable = (key: string) => ({
    env: [{ name: "K", valueFrom: { secretKeyRef: { name: "bff", key } } }],
  });

  it("finds a key that the producer of a Secret does not bring", () => {
    assert.match(
      messages(deployment(secretVariable("DATABASE_URL")), externalSecret)[0]!,
      /key DATABASE_URL .* has session-key/,
    );
    assert.deepEqual(messages(deployment(secretVariable("session-key")), externalSecret), []);
  });

  it("looks for it in the namespace of the object that uses it", () => {
    const elsewhere = { ...externalSecret, metadata: { name: "bff", namespace: "platform-staging" } };
    const [message] = messages(deployment(secretVariable("session-key")), elsewhere);
    assert.match(message!, /Secret bff, which nothing here delivers/);
  });

  it("takes a key that one of several producers brings, and names the keys of all of them", () => {
    const plain = object("Secret", "bff", { stringData: { "database-url": "" }, data: { other: "" } });
    assert.deepEqual(messages(deployment(secretVariable("database-url")), externalSecret, plain), []);
    assert.match(
      messages(deployment(secretVariable("none")), externalSecret, plain)[0]!,
      /has session-key, other, database-url;/,
    );
  });

  it("does not guess the keys of a Secret that is taken over as a whole", () => {
    const whole = {
      ...externalSecret,
      spec: { target: { name: "bff" }, dataFrom: [{ extract: { key: "platform/dev/bff" } }] },
    };
    assert.deepEqual(messages(deployment(secretVariable("any")), whole), []);
  });

  it("finds a ConfigMap whose hashed name did not reach the pod", () => {
    const pod = deployment({ envFrom: [{ configMapRef: { name: "bff" } }] });
    assert.match(messages(pod, object("ConfigMap", "bff-h2g97mb66d"))[0]!, /ConfigMap bff,/);
    assert.deepEqual(messages(pod, object("ConfigMap", "bff")), []);
  });

  it("does not miss what may be delivered by others, but still finds wrong keys", () => {
    const objects = located(deployment(secretVariable("DATABASE_URL")), externalSecret);
    assert.equal(references(objects, false).length, 1);
    assert.deepEqual(references(located(deployment({}, { serviceAccountName: "bff" })), false), []);
  });

  it("takes a reference that is optional", () => {
    assert.deepEqual(
      messages(deployment({ envFrom: [{ secretRef: { name: "none", optional: true } }] })),
      [],
    );
  });

  it("finds a ServiceAccount, a volume's source, an autoscaler's target and an analysis that nothing delivers", () => {
    assert.match(messages(deployment({}, { serviceAccountName: "bff" }))[0]!, /ServiceAccount bff/);
    assert.match(
      messages(deployment({}, { volumes: [{ secret: { secretName: "tls" } }] }))[0]!,
      /Secret tls/,
    );
    const target = { spec: { scaleTargetRef: { kind: "Rollout", name: "bff" } } };
    assert.match(messages(object("HorizontalPodAutoscaler", "bff", target))[0]!, /Rollout bff/);
    const canary = { steps: [{ analysis: { templates: [{ templateName: "latency" }] } }] };
    assert.match(
      messages(object("Rollout", "bff", { spec: { strategy: { canary } } }))[0]!,
      /AnalysisTemplate latency/,
    );
  });
});

describe("SealedSecrets", () => {
  const sealed = (name: string, namespace: string | undefined, template: object = {}): LocatedObject => {
    const metadata = namespace === undefined ? { name } : { name, namespace };
    const spec = { encryptedData: { key: "AgB" }, template: { metadata: template } };
    return {
      object: { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", metadata, spec },
      file: "sealed.yaml",
    };
  };
  const message = (rendered: LocatedObject, source: LocatedObject) =>
    sealedFor(rendered, source)[0]?.message ?? "";

  it("refuses one that an overlay delivers to another namespace", () => {
    assert.match(
      message(sealed("a", "platform-staging"), sealed("a", "platform-dev")),
      /namespace platform-dev but used for platform-staging/,
    );
  });

  it("refuses one whose template names another Secret or namespace", () => {
    const other = sealed("a", "platform-dev", { name: "b" });
    assert.match(message(other, other), /name a but used for b/);
    const elsewhere = sealed("a", "platform-dev", { namespace: "platform-staging" });
    assert.match(message(elsewhere, elsewhere), /used for platform-staging/);
  });

  it("refuses one that does not say its namespace", () => {
    assert.match(message(sealed("a", "platform-dev"), sealed("a", undefined)), /does not say/);
  });

  it("takes one that is delivered where it was sealed for", () => {
    const right = sealed("a", "platform-dev", { name: "a", namespace: "platform-dev" });
    assert.deepEqual(sealedFor(right, right), []);
  });
});

describe("the namespace of an overlay", () => {
  it("refuses an object elsewhere, and one without a namespace", () => {
    const objects = [
      object("ConfigMap", "a", {}, "argocd"),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" } },
    ];
    assert.equal(overlayNamespace(build("bff", objects)).length, 2);
    assert.deepEqual(overlayNamespace(build("bff", [object("ConfigMap", "a")])), []);
  });
});

describe("the kinds that a project permits", () => {
  const application = { ...object("Application", "a", {}, "argocd"), apiVersion: "argoproj.io/v1alpha1" };
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "platform-dev" } };

  it("are no cluster-scoped ones, no Applications and no foreign ones with a known name", () => {
    const foreign = { ...object("Service", "a"), apiVersion: "serving.knative.dev/v1" };
    for (const refused of [namespace, application, foreign]) {
      const [finding] = permittedKinds(build("bff", [refused]), "overlay");
      assert.match(finding!.message, /the project platform does not permit/, refused.kind);
    }
    assert.deepEqual(permittedKinds(build("bff", [object("Service", "a")]), "overlay"), []);
  });

  it("differ between the root, what it points at and the services", () => {
    assert.deepEqual(permittedKinds(build("root", [application]), "root"), []);
    assert.match(permittedKinds(build("root", [object("ConfigMap", "a")]), "root")[0]!.message, /bootstrap/);
    assert.deepEqual(permittedKinds(build("x", [object("ConfigMap", "a")]), "application"), []);
    assert.match(permittedKinds(build("x", [object("Service", "a")]), "application")[0]!.message, /observab/);
  });
});

describe("a canary", () => {
  const annotated = (kind: string, name: string) => {
    const { metadata, ...rest } = object(kind, "a");
    return { ...rest, metadata: { ...metadata, annotations: { [`argocd.argoproj.io/${name}`]: "1" } } };
  };

  it("stands beside no hook and no wave", () => {
    for (const name of ["hook", "sync-wave"]) {
      const [finding, ...more] = canaryHooks(
        build("bff", [object("Rollout", "bff"), annotated("Job", name)]),
      );
      assert.match(finding!.message, new RegExp(`has argocd.argoproj.io/${name} beside Rollout`));
      assert.deepEqual(more, []);
    }
  });

  it("does not forbid them to others", () => {
    const objects = [object("Deployment", "bff"), annotated("Job", "hook")];
    assert.deepEqual(canaryHooks(build("bff", objects)), []);
    assert.deepEqual(
      canaryHooks(build("bff", [object("Rollout", "bff"), annotated("Job", "managed-by")])),
      [],
    );
  });
});
