import { add, all, set, unset, type RuleCases } from "./rule-cases";
import { application, deployment, release } from "./objects";

const environment = "0.spec.template.spec.containers[0].env";
// Split, so that no scanner takes the example for a real one.
const awsKey = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
const privateKey = ["-----BEGIN RSA PRIVATE", " KEY-----"].join("");
const random = "q7Zt2Lw9Xe4Rb8Ny1Vm6Kc3Hs5Pd0Jf-uGaTiOoB";

function variable(name: string, value: unknown) {
  return set(environment, [{ name, value }]);
}

const sealingKeyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";

export const secretCases: readonly RuleCases[] = [
  {
    rule: "S1",
    compliant: () => [
      deployment(),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "a", annotations: { a: "b" } },
        data: { LOG_LEVEL: "info" },
      },
    ],
    fails: [
      [
        "sensitive-name",
        "has a list of passwords in the values of a chart",
        add(release("bff", { passwords: ["hunter2"] })),
      ],
      [
        "secret-in-git",
        "is a Secret with values",
        add({ apiVersion: "v1", kind: "Secret", stringData: { a: "b" } }),
      ],
      ["sensitive-name", "sets a password", variable("DB_PASSWORD", "hunter2")],
      ["sensitive-name", "sets a token in camel case", variable("accessToken", "abc-def")],
      ["credential", "sets a known credential", variable("SOMETHING", awsKey)],
      ["random", "sets something random", variable("SOMETHING", random)],
      [
        "sensitive-name",
        "passes a password as an option",
        set("0.spec.template.spec.containers[0].args", ["--db-password=hunter2"]),
      ],
      [
        "sensitive-name",
        "passes a password after an option",
        set("0.spec.template.spec.containers[0].args", ["--db-password", "hunter2"]),
      ],
      ["sensitive-name", "has a password in a ConfigMap", set("1.data.password", "hunter2")],
      [
        "sensitive-name",
        "has a password in a file of a ConfigMap",
        set('1.data["app.properties"]', "user=a\npassword=hunter2\n"),
      ],
      ["credential", "has a key in a ConfigMap", set("1.data.file", `${privateKey}\nabc`)],
      [
        "credential",
        "has a password in a URL",
        set("1.data.url", ["postgres://user:", "secret@db/bff"].join("")),
      ],
      ["credential", "has a credential in an annotation", set("1.metadata.annotations.a", awsKey)],
      [
        "credential",
        "has a credential in an annotation of its pods",
        set("0.spec.template.metadata.annotations", { a: awsKey }),
      ],
      [
        "credential",
        "has a key in a binary file of a ConfigMap",
        set("1.binaryData.file", Buffer.from(`${privateKey}\nabc`).toString("base64")),
      ],
      [
        "sensitive-name",
        "writes a password beside what an ExternalSecret fills in",
        add({ kind: "ExternalSecret", spec: { target: { template: { data: { password: "hunter2" } } } } }),
      ],
      [
        "sensitive-name",
        "writes a password beside what is sealed",
        add({ kind: "SealedSecret", spec: { template: { data: { password: "hunter2" } } } }),
      ],
      [
        "sensitive-name",
        "hands a password to a chart as a parameter",
        add({
          ...application(),
          spec: { source: { helm: { parameters: [{ name: "auth.password", value: "hunter2" }] } } },
        }),
      ],
      [
        "sensitive-name",
        "has a password in the values of a chart",
        add(release("bff", { auth: { password: "hunter2" } })),
      ],
    ],
    absent: [
      [undefined, "data", unset("1.data")],
      [undefined, "a value of a variable", variable("DB_PASSWORD", undefined)],
    ],
    passes: [
      ["data of another kind", set("1", { kind: "Other", data: { password: "hunter2" } })],
      ["a value of a chart that is null", add(release("bff", { password: null }))],
      ["an empty Secret", add({ apiVersion: "v1", kind: "Secret", type: "Opaque" })],
      ["the name of a Secret", variable("DB_PASSWORD_SECRET_NAME", "bff")],
      ["the path of a password", variable("DB_PASSWORD", "/run/secrets/password")],
      ["a switch", variable("REQUIRE_TOKEN", "true")],
      [
        "a switch before an argument",
        set("0.spec.template.spec.containers[0].args", ["--token", "--verbose"]),
      ],
      [
        "a reference in what an ExternalSecret fills in",
        add({
          kind: "ExternalSecret",
          spec: { target: { template: { data: { password: "{{ .password }}" } } } },
        }),
      ],
      ["a reference", variable("DB_PASSWORD", "$(OTHER)")],
      ["a digest", variable("CHECKSUM", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")],
      [
        "a definition",
        set("1", { kind: "CustomResourceDefinition", metadata: { annotations: { a: awsKey } } }),
      ],
    ],
  },
  {
    rule: "S1",
    pulumi: {},
    compliant: () => [{ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { a: "b" } }],
    fails: [["credential", "has a credential in an annotation", set("0.metadata.annotations.a", awsKey)]],
    absent: [[undefined, "values", unset("0.stringData")]],
  },
  {
    rule: "S2",
    pulumi: { secretOutputs: ["data"] },
    compliant: () => [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "a", annotations: { a: "b" } },
        type: "Opaque",
        data: {},
      },
      {
        apiVersion: "pulumi.com/v1",
        kind: "pulumi:providers:kubernetes",
        metadata: { name: "hub" },
        spec: {},
      },
    ],
    fails: [
      [
        "last-applied",
        "repeats itself",
        set('0.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]', "{}"),
      ],
      ["files", "is written to a file", set("1.spec.renderYamlToDirectory", "out")],
    ],
    absent: [[undefined, "annotations", unset("0.metadata.annotations")]],
    passes: [
      [
        "another kind with that annotation",
        set("0", {
          kind: "ConfigMap",
          metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
        }),
      ],
      [
        "another kind with that field",
        all(set("1.kind", "Other"), set("1.spec.renderYamlToDirectory", "out")),
      ],
      ["a token that is encrypted", set("0.type", "kubernetes.io/service-account-token")],
    ],
  },
  {
    rule: "S2",
    pulumi: { secretOutputs: [] },
    compliant: () => [{ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, type: "Opaque" }],
    fails: [["state", "comes back in plain text", set("0.type", "kubernetes.io/service-account-token")]],
    absent: [[undefined, "the type", unset("0.type")]],
  },
  {
    rule: "S2",
    compliant: () => [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "a" },
        type: "kubernetes.io/service-account-token",
      },
    ],
    fails: [
      [
        "last-applied",
        "repeats itself in git",
        set('0.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]', "{}"),
      ],
    ],
    absent: [[undefined, "the type", unset("0.type")]],
  },
  {
    rule: "S3",
    compliant: () => [{ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, type: "Opaque" }],
    fails: [["", "is a token", set("0.type", "kubernetes.io/service-account-token")]],
    absent: [[undefined, "the type", unset("0.type")]],
    passes: [
      ["another kind of that type", set("0", { kind: "Other", type: "kubernetes.io/service-account-token" })],
    ],
  },
  {
    rule: "S4",
    compliant: () => [
      {
        apiVersion: "bitnami.com/v1alpha1",
        kind: "SealedSecret",
        metadata: { name: "a", annotations: { a: "b" } },
        spec: { encryptedData: { a: "b" }, template: { metadata: { name: "a", annotations: { a: "b" } } } },
      },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "key", namespace: "kube-system", labels: { [sealingKeyLabel]: "active" } },
      },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "sealed-secrets", namespace: "kube-system" },
        spec: {
          template: {
            spec: { containers: [{ image: "docker.io/bitnami/sealed-secrets-controller:0.38.4" }] },
          },
        },
      },
    ],
    fails: [
      [
        "scope",
        "opens everywhere",
        set('0.metadata.annotations["sealedsecrets.bitnami.com/cluster-wide"]', "true"),
      ],
      [
        "scope",
        "opens in its namespace",
        set('0.spec.template.metadata.annotations["sealedsecrets.bitnami.com/namespace-wide"]', "true"),
      ],
      ["key", "has no Secret for its key", set("1.kind", "ConfigMap")],
      ["key", "has its key elsewhere", set("1.metadata.namespace", "other")],
      ["key", "has a compromised key", set(`1.metadata.labels["${sealingKeyLabel}"]`, "compromised")],
    ],
    absent: [
      [undefined, "annotations", all(unset("0.metadata.annotations"), unset("0.spec.template"))],
      ["key", "the key", unset("1")],
    ],
    passes: [
      [
        "another kind with that annotation",
        all(
          set("0.kind", "Other"),
          set('0.metadata.annotations["sealedsecrets.bitnami.com/cluster-wide"]', "true"),
        ),
      ],
      [
        "a scope that is off",
        set('0.metadata.annotations["sealedsecrets.bitnami.com/cluster-wide"]', "false"),
      ],
    ],
  },
];
