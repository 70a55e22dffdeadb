import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { generatedApplications } from "../../../cli/manifests/generated-applications";
import type { KubernetesObject, LocatedObject } from "../../../cli/manifests/object";
import { applicationProblems } from "../../../cli/manifests/rules/application";
import { oneApplication } from "../../../cli/manifests/rules/one-application";
import { projects } from "../../../cli/manifests/rules/project";

function object(kind: string, name: string, spec: object, metadata: object = {}): KubernetesObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind,
    metadata: { name, namespace: "argocd", ...metadata },
    spec,
  };
}

const located = (...objects: KubernetesObject[]): LocatedObject[] =>
  objects.map((each, index) => ({ object: each, file: `${index}.yaml` }));

const destination = (namespace: string, server = "https://hub") => ({ namespace, server });

function set(name: string, generators: object[], template: object): KubernetesObject {
  return object("ApplicationSet", name, {
    generators,
    template: { metadata: { name: "platform-{{environment}}" }, spec: template },
  });
}

const environmentsList = {
  list: { elements: [{ environment: "staging", url: "https://staging" }, { environment: "production" }] },
};

describe("the Applications of an ApplicationSet", () => {
  it("are one for each element of a list, filled in in either way of writing", () => {
    const template = { path: "{{environment}}/{{ .environment }}", url: "{{url}}" };
    const found = generatedApplications(set("a", [environmentsList], template));
    assert.deepEqual(
      found.map(({ name, spec }) => [name, spec]),
      [
        ["platform-staging", { path: "staging/staging", url: "https://staging" }],
        ["platform-production", { path: "production/production", url: "{{url}}" }],
      ],
    );
  });

  it("keep their text when a value holds what a replacement or JSON would understand", () => {
    const [found] = generatedApplications(
      set("a", [{ list: { elements: [{ environment: '$& "\\' }] } }], { path: "{{environment}}" }),
    );
    assert.equal(found!.spec["path"], '$& "\\');
  });

  it("are one with its placeholders where a cluster or git decides", () => {
    const found = generatedApplications(set("a", [{ clusters: {} }], { path: "{{environment}}" }));
    assert.deepEqual(
      found.map(({ name }) => name),
      ["platform-{{environment}}"],
    );
  });
});

describe("one Application", () => {
  const messages = (...objects: KubernetesObject[]) =>
    oneApplication(located(...objects)).map(({ level, message, object }) => `${level} ${object}: ${message}`);
  const own = object("Application", "platform-production", {
    source: { path: "overlays/production" },
    destination: destination("platform-production"),
  });

  it("must not be made twice under one name", () => {
    const generated = set("all", [environmentsList], { source: { path: "{{environment}}" } });
    assert.deepEqual(messages(own, generated), [
      "mandatory ApplicationSet argocd/all: makes the Application platform-production, which Application argocd/platform-production makes too; keep one",
    ]);
  });

  it("may have the name of one in another namespace", () => {
    const elsewhere = { ...own, metadata: { name: "platform-production", namespace: "argocd-two" } };
    assert.deepEqual(messages(own, elsewhere), []);
  });

  it("is reported when a generator could make a second owner of its objects", () => {
    const generated = set("clusters", [{ clusters: {} }], {
      source: { path: "overlays/{{environment}}" },
      destination: destination("platform-{{environment}}", "{{server}}"),
    });
    assert.match(messages(own, generated).join(), /^advisory ApplicationSet argocd\/clusters: may deliver/);
  });

  for (const [difference, spec] of Object.entries({
    path: { source: { path: "overlays/{{environment}}/bff" }, destination: destination("{{namespace}}") },
    namespace: { source: { path: "{{path}}" }, destination: destination("argocd-{{environment}}") },
    cluster: { source: { path: "{{path}}" }, destination: destination("{{namespace}}", "https://spoke") },
  })) {
    it(`is not reported when another ${difference} keeps the two apart`, () => {
      assert.deepEqual(messages(own, set("clusters", [{ clusters: {} }], spec)), []);
    });
  }
});

describe("the environment of an Application", () => {
  const problems = (path: string, namespace: string) =>
    applicationProblems(object("Application", "a", { source: { path }, destination: { namespace } }));

  it("must be one that exists", () => {
    assert.match(problems("k8s/overlays/development", "platform-dev")[0]!, /did you mean dev\?/);
  });

  it("must be the same for overlay and namespace", () => {
    assert.match(
      problems("k8s/overlays/staging/bff", "platform-production")[0]!,
      /of staging to the namespace of production/,
    );
    assert.deepEqual(problems("k8s/overlays/staging/bff", "platform-staging"), []);
  });

  it("is read from every element of a list", () => {
    const generated = set("all", [{ list: { elements: [{ environment: "prod" }] } }], {
      source: { path: "overlays/{{environment}}" },
    });
    assert.match(applicationProblems(generated)[0]!, /overlays\/prod, which is not an environment/);
  });
});

describe("the deletion of an Application", () => {
  const problems = (namespace: string, finalizer: string) =>
    applicationProblems(
      object("Application", "a", { destination: { namespace } }, { finalizers: [finalizer] }),
    );

  it("must not delete production", () => {
    for (const suffix of ["", "/background", "/foreground"]) {
      const finalizer = `resources-finalizer.argocd.argoproj.io${suffix}`;
      assert.match(problems("platform-production", finalizer)[0]!, /remove the finalizer/);
      assert.deepEqual(problems("platform-dev", finalizer), []);
    }
    assert.deepEqual(problems("platform-production", "example.com/other"), []);
  });
});

describe("a project", () => {
  const project = (change: object = {}) =>
    object("AppProject", "platform", {
      destinations: [destination("platform-dev")],
      namespaceResourceWhitelist: [{ group: "apps", kind: "*" }],
      ...change,
    });
  const messages = (...objects: KubernetesObject[]) =>
    projects(located(...objects)).map(({ level, object, message }) => `${level} ${object} ${message}`);
  const rollout = object("Rollout", "bff", {}, { namespace: "platform-dev" });

  it("of one environment that permits what it delivers is taken", () => {
    const deployment = { ...rollout, apiVersion: "apps/v1", kind: "Deployment" };
    assert.deepEqual(messages(project(), deployment), []);
  });

  it("must not reach several environments", () => {
    assert.match(
      messages(project({ destinations: [destination("platform-*")] }))[0]!,
      /^mandatory AppProject argocd\/platform reaches dev, staging, production/,
    );
  });

  it("is reported when it refuses what stands in its namespaces", () => {
    const elsewhere = { ...rollout, metadata: { name: "bff", namespace: "other" } };
    assert.deepEqual(messages(project(), elsewhere), []);
    assert.match(
      messages(project(), rollout)[0]!,
      /^advisory AppProject .* does not permit argoproj.io\/Rollout/,
    );
  });

  it("must reach the clusters that a list names for it", () => {
    const generated = (name: string) =>
      set("all", [environmentsList], { project: name, destination: { server: "{{url}}" } });
    assert.match(
      messages(project(), generated("platform"))[0]!,
      /^mandatory ApplicationSet argocd\/all delivers to https:\/\/staging, which the project platform does not reach/,
    );
    assert.deepEqual(messages(project(), generated("other")), []);
  });
});
