import { application, applicationSet, clusterSecret, deployment, release } from "./objects";
import { UnknownValueError } from "../../../policy-pack/unknown-value";
import { add, all, set, throwing, unset, type RuleCases } from "./rule-cases";

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
const deployer = () => ({
  apiVersion: "pulumi.com/v1",
  kind: "pulumi:providers:kubernetes",
  metadata: { name: "hub" },
  spec: { kubeconfig: "~/.kube/config", context: "production", clusterIdentifier: "hub" },
});

export const pulumiCases: readonly RuleCases[] = [
  {
    rule: "U1",
    pulumi: { protect: false },
    compliant: () => [deployment(), release("cert-manager", { crds: { enabled: true, keep: true } })],
    fails: [
      ...[
        "Namespace",
        "PersistentVolumeClaim",
        "CustomResourceDefinition",
        "SecretStore",
        "ClusterSecretStore",
        "AppProject",
        "ApplicationSet",
      ].map((kind) => ["", `is an unprotected ${kind}`, add({ kind, metadata: { name: "a" } })] as const),
      [
        "",
        "is an unprotected sealing key",
        add({
          kind: "Secret",
          metadata: { labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" } },
        }),
      ],
      ["", "lets definitions go with the release", set("1.spec.values.crds.keep", false)],
    ],
    absent: [["", "the chart's switch", unset("1.spec.values.crds.keep")]],
    passes: [
      [
        "a definition that the chart keeps",
        add({
          kind: "CustomResourceDefinition",
          metadata: { annotations: { "helm.sh/resource-policy": "keep" } },
        }),
      ],
      ["another Secret", add({ kind: "Secret", metadata: { name: "a" } })],
      [
        "another kind with the label of a sealing key",
        add({
          kind: "Other",
          metadata: { labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" } },
        }),
      ],
      [
        "a chart of which each object is judged by itself",
        all(set("1.kind", "kubernetes:helm.sh/v4:Chart"), unset("1.spec.values.crds.keep")),
      ],
      ["a release without definitions", set("1.spec.values", {})],
      ["another chart", all(set("1.spec.chart", "other"), unset("1.spec.values.crds.keep"))],
    ],
  },
  {
    rule: "U1",
    pulumi: { protect: true },
    compliant: () => [namespace],
    fails: [
      ["", "lets definitions go with the release", add(release("cert-manager", { installCRDs: true }))],
    ],
    absent: [[undefined, "metadata", unset("0.metadata")]],
  },
  {
    rule: "U1",
    environment: "dev",
    pulumi: { protect: false },
    compliant: () => [namespace],
    fails: [],
    absent: [[undefined, "protection, in dev", unset("0.metadata")]],
  },
  {
    rule: "U1",
    compliant: () => [namespace],
    fails: [],
    absent: [[undefined, "the protection of what git delivers", unset("0.metadata")]],
  },
  {
    rule: "U2",
    pulumi: { provider: { name: "hub", inputs: {} } },
    compliant: () => [deployment(), deployer()],
    fails: [
      ["", "cannot be read at all", throwing("1.spec", "kubeconfig", new Error("broken"))],
      ["kubeconfig", "leaves the context to the file", set("1.spec.context", "")],
      ["option", "forgets", set("1.spec.deleteUnreachable", "true")],
      ["option", "pretends", set("1.spec.skipUpdateUnreachable", true)],
      ["option", "takes fields", set("1.spec.enablePatchForce", true)],
      ["option", "takes objects", set("1.spec.upsertExistingObjects", true)],
    ],
    absent: [
      ["kubeconfig", "the kubeconfig", unset("1.spec.kubeconfig")],
      ["kubeconfig", "the context", unset("1.spec.context")],
      ["identity", "the identifier", unset("1.spec.clusterIdentifier")],
      ["identity", "a name in the identifier", set("1.spec.clusterIdentifier", "")],
    ],
    passes: [
      [
        "a kubeconfig that is only known later",
        throwing("1.spec", "kubeconfig", new UnknownValueError("kubeconfig")),
      ],
      [
        "a kubeconfig that states its context",
        all(set("1.spec.kubeconfig", "current-context: production\n"), unset("1.spec.context")),
      ],
      [
        "a JSON kubeconfig",
        all(set("1.spec.kubeconfig", '{"current-context":"production"}'), unset("1.spec.context")),
      ],
    ],
  },
  {
    rule: "U2",
    pulumi: { provider: { name: "default_4_34_2", inputs: {} } },
    compliant: () => [deployer()],
    fails: [["default", "goes to the default provider", add(deployment())]],
    absent: [["identity", "the identifier", unset("0.spec.clusterIdentifier")]],
  },
  {
    rule: "U2",
    pulumi: {},
    compliant: () => [release("a", {})],
    fails: [["default", "goes to no provider", add(deployment())]],
    absent: [[undefined, "a provider of a component", unset("0.spec")]],
  },
  {
    rule: "U2",
    compliant: () => [deployment()],
    fails: [],
    absent: [[undefined, "a provider of what git delivers", unset("0.metadata")]],
  },
  {
    rule: "U2",
    pulumi: { provider: { name: "default", inputs: {} } },
    compliant: () => [
      {
        apiVersion: "pulumi.com/v1",
        kind: "random:index/randomPassword:RandomPassword",
        metadata: { name: "a" },
      },
    ],
    fails: [["default", "is a chart by the default provider", add(release("a", {}))]],
    absent: [[undefined, "metadata", unset("0.metadata")]],
  },
  {
    rule: "U3",
    compliant: () => [
      deployment(),
      clusterSecret(),
      application(),
      applicationSet(),
      { ...namespace, metadata: { name: "platform-production" } },
    ],
    fails: [
      ["", "stands in another namespace", set("0.metadata.namespace", "platform-staging")],
      ["", "stands in a namespace of no environment", set("0.metadata.namespace", "platform-development")],
      ["", "makes another namespace", set("4.metadata.name", "platform-dev")],
      ["", "labels a cluster otherwise", set("1.metadata.labels.environment", "staging")],
      ["", "delivers another overlay", set("2.spec.source.path", "infrastructure/k8s/overlays/dev/bff")],
      [
        "",
        "delivers the overlays of another environment",
        set(
          "3.spec.generators[0].matrix.generators[0].git.directories[0].path",
          "infrastructure/k8s/overlays/dev/*",
        ),
      ],
      [
        "",
        "delivers to clusters of another environment",
        set("3.spec.generators[0].matrix.generators[1].clusters.selector.matchLabels.environment", "dev"),
      ],
    ],
    absent: [
      ["", "the label of a cluster", unset("1.metadata.labels.environment")],
      [undefined, "the namespace", unset("0.metadata.namespace")],
      [undefined, "the path", unset("2.spec.source.path")],
    ],
    passes: [
      [
        "another kind with the name of a namespace",
        all(set("4.kind", "Other"), set("4.metadata.name", "platform-staging")),
      ],
      [
        "another kind with generators",
        set("3", {
          kind: "Other",
          spec: { generators: [{ clusters: { selector: { matchLabels: { environment: "dev" } } } }] },
        }),
      ],
      [
        "a folder that a generator fills in",
        set("2.spec.source.path", "infrastructure/k8s/overlays/{{.environment}}/bff"),
      ],
      ["a namespace of a controller", set("0.metadata.namespace", "platform")],
      ["another Secret", all(set("1.metadata.labels", { environment: "staging" }))],
      [
        "a folder that is left out",
        set("3.spec.generators[0].matrix.generators[0].git.directories[1]", {
          path: "infrastructure/k8s/overlays/dev/a",
          exclude: true,
        }),
      ],
    ],
  },
];
