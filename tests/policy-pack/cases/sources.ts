import { application, applicationSet, deployment, image, release, settings } from "./objects";
import { add, all, set, unset, type RuleCases } from "./rule-cases";

const firstImage = "0.spec.template.spec.containers[0].image";

const widgets = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { color: { type: "string" } } } },
          },
        },
      },
    ],
  },
};
const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" } };

export const sourceCases: readonly RuleCases[] = [
  {
    rule: "C1",
    compliant: () => [release("cert-manager", {}), application(), deployment()],
    fails: [
      ["version", "has a range", set("0.spec.version", "^1.21.0")],
      ["repository", "comes from elsewhere", set("0.spec.repositoryOpts.repo", "https://charts.example.com")],
      ["floor", "has a known hole", set("0.spec.version", "v1.18.4")],
      [
        "version",
        "follows a branch of a chart",
        set("1.spec.source", {
          chart: "argo-cd",
          repoURL: "https://argoproj.github.io/argo-helm",
          targetRevision: "10.*",
        }),
      ],
      [
        "repository",
        "takes a chart from an unlisted registry",
        set("1.spec.source", { chart: "a", repoURL: "registry.example.com/charts", targetRevision: "1.0.0" }),
      ],
      [
        "floor",
        "runs an image with a known hole",
        set("2.spec.template.spec.containers[0].image", "quay.io/argoproj/argocd:v2.9.3"),
      ],
      [
        "floor",
        "runs a line that was never fixed",
        set("2.spec.template.spec.containers[0].image", "quay.io/argoproj/argocd:v3.1.9"),
      ],
      [
        "version",
        "inflates a chart of any version",
        add({
          kind: "Kustomization",
          helmCharts: [{ name: "argo-cd", repo: "https://argoproj.github.io/argo-helm" }],
        }),
      ],
    ],
    absent: [
      ["version", "the version", unset("0.spec.version")],
      ["repository", "the repository", unset("0.spec.repositoryOpts")],
      [undefined, "the chart", all(unset("0.spec.chart"), unset("0.spec.version"))],
    ],
    passes: [
      ["a folder of a mirror", all(set("0.spec.chart", "/charts/cert-manager"), unset("0.spec.version"))],
      [
        "a registry",
        all(
          set("0.spec.chart", "oci://quay.io/jetstack/charts/cert-manager"),
          unset("0.spec.repositoryOpts"),
        ),
      ],
      [
        "a registry without its scheme, and a folder in it",
        set("1.spec.source", {
          chart: "a",
          repoURL: "ghcr.io/external-secrets/charts/folder",
          targetRevision: "1.0.0",
        }),
      ],
      [
        "an image whose version another rule judges",
        set("2.spec.template.spec.containers[0].image", "quay.io/argoproj/argocd:latest"),
      ],
      [
        "the fix of an older line",
        set("2.spec.template.spec.containers[0].image", "quay.io/argoproj/argocd:v3.3.10"),
      ],
      [
        "a line newer than all fixes",
        set("2.spec.template.spec.containers[0].image", "quay.io/argoproj/argocd:v3.5.0"),
      ],
      [
        "a version that a generator fills in",
        set("1.spec.source", {
          chart: "argo-cd",
          repoURL: "https://argoproj.github.io/argo-helm",
          targetRevision: "{{.version}}",
        }),
      ],
    ],
  },
  {
    rule: "C2",
    compliant: () => [deployment()],
    fails: [
      ["tag", "follows latest", set(firstImage, "ghcr.io/platform/bff:latest")],
      ["digest", "follows a minor version", set(firstImage, "ghcr.io/platform/bff:1.4")],
      ["registry", "comes from another owner", set(firstImage, "ghcr.io/other/bff:1.4.2")],
      [
        "registry",
        "comes from an unknown registry",
        all(set(firstImage, "evil.example.com/bff:1.4.2"), set("0.metadata.namespace", "a")),
      ],
      ["registry", "comes from another port", set(firstImage, "ghcr.io:8443/platform/bff:1.4.2")],
      ["digest", "has half a digest", set(firstImage, "ghcr.io/platform/bff:1.4.2@sha256:0a1b")],
      [
        "digest",
        "has a digest in capitals",
        set(firstImage, `ghcr.io/platform/bff@sha256:${"A".repeat(64)}`),
      ],
      [
        "tag",
        "mounts an image without a tag",
        set("0.spec.template.spec.volumes", [{ name: "a", image: { reference: "ghcr.io/platform/data" } }]),
      ],
    ],
    absent: [
      ["tag", "the tag", set(firstImage, "ghcr.io/platform/bff")],
      ["tag", "the tag behind a colon", set(firstImage, "ghcr.io/platform/bff:")],
    ],
    passes: [
      [
        "an image of others, outside the namespace of services",
        all(set(firstImage, "quay.io/argoproj/argocd:v3.4.4"), set("0.metadata.namespace", "argocd")),
      ],
      ["an exact version", set(firstImage, "ghcr.io/platform/bff:v1.4.2")],
      ["a variant", set(firstImage, "ghcr.io/platform/bff:1.4.2-alpine")],
      ["a digest beside latest", set(firstImage, image.replace("1.4.2", "latest"))],
      ["another algorithm", set(firstImage, `ghcr.io/platform/bff@sha512:${"0".repeat(128)}`)],
      ["an algorithm of tomorrow", set(firstImage, `ghcr.io/platform/bff@next:${"0".repeat(32)}`)],
    ],
  },
  {
    rule: "C2",
    environment: "dev",
    compliant: () =>
      [deployment()].map((object) => ({ ...object, metadata: { name: "bff", namespace: "platform-dev" } })),
    fails: [["tag", "follows LATEST", set(firstImage, "ghcr.io/platform/bff:LATEST")]],
    absent: [["tag", "the tag", set(firstImage, "ghcr.io/platform/bff")]],
    passes: [["a tag of a branch", set(firstImage, "ghcr.io/platform/bff:main-7")]],
  },
  {
    rule: "C3",
    compliant: () => [
      application(),
      { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: ["../base"] },
    ],
    fails: [
      ["revision", "follows HEAD", set("0.spec.source.targetRevision", "HEAD")],
      ["revision", "follows a branch", set("0.spec.source.targetRevision", "feature")],
      [
        "remote-base",
        "fetches a base",
        set("1.resources", ["https://github.com/other/repository//base?ref=v1"]),
      ],
      ["remote-base", "fetches a component", set("1.components", ["github.com/other/repository/base"])],
      [
        "remote-base",
        "fetches a base without saying its version",
        set("1", { kind: "Kustomization", resources: ["https://example.com/base"] }),
      ],
      [
        "remote-base",
        "fetches a base into a component",
        set("1", {
          apiVersion: "kustomize.config.k8s.io/v1alpha1",
          kind: "Component",
          resources: ["https://example.com/base"],
        }),
      ],
    ],
    absent: [
      ["revision", "the revision", unset("0.spec.source.targetRevision")],
      [undefined, "resources", unset("1.resources")],
    ],
    passes: [
      ["a commit", set("0.spec.source.targetRevision", "0123456789abcdef0123456789abcdef01234567")],
      ["a version tag", set("0.spec.source.targetRevision", "v1.2.3")],
      ["a revision that a generator fills in", set("0.spec.source.targetRevision", "{{.revision}}")],
      [
        "a chart, whose version another rule judges",
        all(set("0.spec.source.chart", "a"), set("0.spec.source.targetRevision", "1.x")),
      ],
      [
        "another kind with resources",
        set("1", { kind: "Role", apiVersion: "a/v1", resources: ["https://example.com"] }),
      ],
    ],
  },
  {
    rule: "C4",
    compliant: () => [application(), applicationSet(), deployment(), settings("argocd-cm", { a: "b" })],
    fails: [
      ["unknown-field", "puts windows on an Application", set("0.spec.syncPolicy.syncWindows", [])],
      ["unknown-field", "puts health on an Application", set("0.spec.health", {})],
      [
        "unknown-field",
        "misspells a field",
        set("2.spec.template.spec.containers[0].imagePullPolcy", "Always"),
      ],
      ["type", "writes a number as text", set("2.spec.replicas", "2")],
      ["type", "writes text as a number", set("3.data.a", 1)],
      ["type", "writes an object as a list", set("2.metadata.labels", [])],
      ["type", "writes a list as an object", set("2.spec.template.spec.containers", {})],
      ["api-version", "uses a removed version", set("2.apiVersion", "extensions/v1beta1")],
      [
        "api-version",
        "uses a version that is not served",
        add({ apiVersion: "external-secrets.io/v1beta1", kind: "ExternalSecret" }),
      ],
      ["api-version", "uses a kind that does not exist", add({ apiVersion: "apps/v1", kind: "Deploymint" })],
      [
        "unknown-kind",
        "is of a kind that nobody knows",
        add({ apiVersion: "example.com/v1", kind: "Widget" }),
      ],
      [
        "unknown-kind",
        "is of a kind that another product of the group may serve",
        add({ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow" }),
      ],
      [
        "unknown-field",
        "misspells a field of a kind that comes along",
        all(add(widgets), add({ ...widget, spec: { colour: "red" } })),
      ],
      ["required", "says null where something is required", set("2.spec.selector", null)],
      [
        "sync-option",
        "invents an option",
        set("0.spec.syncPolicy.syncOptions", ["preserveResourcesOnDeletion=true"]),
      ],
      ["sync-option", "invents a value", set("1.spec.template.spec.syncPolicy.syncOptions", ["Prune=maybe"])],
      [
        "sync-option",
        "invents one in an annotation",
        set('2.metadata.annotations["argocd.argoproj.io/sync-options"]', "Prune=confirm,Fast=true"),
      ],
    ],
    absent: [
      ["required", "a required field", unset("2.spec.selector")],
      ["required", "the kind", unset("2.kind")],
      [undefined, "metadata", unset("2.metadata")],
    ],
    passes: [
      ["null, which says nothing", set("2.spec.template.spec.hostNetwork", null)],
      [
        "a number where text is as good",
        set("2.spec.template.spec.containers[0].resources.limits.memory", 1),
      ],
      ["a known option", set('2.metadata.annotations["argocd.argoproj.io/sync-options"]', "Prune=confirm")],
      ["what only Pulumi knows", add(release("a", {}))],
      ["what only kustomize reads", add({ apiVersion: "builtin", kind: "PatchTransformer" })],
      ["a kind that comes along", all(add(widgets), add({ ...widget, spec: { color: "red" } }))],
    ],
  },
  {
    rule: "C4",
    pulumi: { urn: "urn:pulumi:production::p::kubernetes:core/v1:ServicePatch::a" },
    compliant: () => [
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" }, spec: { replicas: 1 } },
    ],
    fails: [["unknown-field", "patches what does not exist", set("0.spec.a", 1)]],
    absent: [[undefined, "what a patch leaves alone", unset("0.spec.replicas")]],
  },
  {
    rule: "C4",
    pulumi: {},
    compliant: () => [deployment()],
    fails: [["unknown-field", "has a field that does not exist", set("0.spec.a", 1)]],
    absent: [["required", "what only a patch may leave out", unset("0.spec.selector")]],
  },
];
