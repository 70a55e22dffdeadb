import { externalSecret, release, role, secretStore } from "./objects";
import { add, all, set, unset, type RuleCases } from "./rule-cases";

const vault = "0.spec.provider.vault";
const namedStore = () => ({
  ...secretStore(),
  kind: "ClusterSecretStore",
  spec: { ...(secretStore().spec as object), conditions: [{ namespaces: ["platform-production"] }] },
});

export const externalSecretCases: readonly RuleCases[] = [
  {
    rule: "E1",
    compliant: () => [secretStore()],
    fails: [
      ["provider", "has no Vault at all", set("0.spec.provider", { fake: {} })],
      ["provider", "is not Vault", set("0.spec.provider.fake", {})],
      ["tls", "shows every secret", set(`${vault}.server`, "http://vault.example.com")],
      ["tls", "has an empty authority", set(`${vault}.caBundle`, "")],
      [
        "tls",
        "shows every secret of many namespaces",
        all(set("0.kind", "ClusterSecretStore"), set(`${vault}.server`, "http://vault.example.com")),
      ],
      ["auth", "keeps a token", set(`${vault}.auth`, { tokenSecretRef: { name: "a" } })],
      [
        "auth",
        "keeps a web token",
        set(`${vault}.auth`, { jwt: { role: "platform-production", secretRef: { name: "a" } } }),
      ],
      ["environment", "takes another role", set(`${vault}.auth.kubernetes.role`, "platform-staging")],
      ["environment", "takes a role of no environment", set(`${vault}.auth.kubernetes.role`, "platform")],
      [
        "environment",
        "logs in elsewhere",
        set(`${vault}.auth.kubernetes.mountPath`, "kubernetes/staging-hub"),
      ],
      ["environment", "reads elsewhere", set(`${vault}.path`, "dev")],
    ],
    absent: [
      ["tls", "the server", unset(`${vault}.server`)],
      ["auth", "the method", unset(`${vault}.auth`)],
      ["environment", "the role", unset(`${vault}.auth.kubernetes.role`)],
      [undefined, "the authority, where it is a public one", unset(`${vault}.caBundle`)],
    ],
    passes: [
      ["JSON web tokens", set(`${vault}.auth`, { jwt: { path: "jwt", role: "platform-production" } })],
      ["a namespace of Vault for the login", set(`${vault}.auth.namespace`, "team")],
      ["another kind", set("0", { kind: "Other", spec: { provider: { fake: {} } } })],
    ],
  },
  {
    rule: "E2",
    compliant: () => [namedStore()],
    fails: [
      ["", "selects everything", set("0.spec.conditions", [{}])],
      ["", "lets argocd in", set("0.spec.conditions", [{ namespaces: ["argocd"] }])],
      ["", "lets kube-system in by pattern", set("0.spec.conditions", [{ namespaceRegexes: [".*-system"] }])],
      [
        "",
        "lets anybody in by an unreadable pattern",
        set("0.spec.conditions", [{ namespaceRegexes: ["("] }]),
      ],
      ["", "lets every namespace in", set("0.spec.conditions", [{ namespaceSelector: {} }])],
    ],
    absent: [["", "conditions", unset("0.spec.conditions")]],
    passes: [
      ["a store of one namespace", all(set("0.kind", "SecretStore"), unset("0.spec.conditions"))],
      ["a pattern", set("0.spec.conditions", [{ namespaceRegexes: ["^team-"] }])],
      ["a label", set("0.spec.conditions", [{ namespaceSelector: { matchLabels: { team: "a" } } }])],
    ],
  },
  {
    rule: "E3",
    compliant: () => [externalSecret()],
    fails: [
      ["key", "reads another environment", set("0.spec.data[0].remoteRef.key", "platform/staging/bff")],
      ["key", "climbs out", set("0.spec.data[0].remoteRef.key", "platform/production/../staging/bff")],
      ["key", "extracts another environment", set("0.spec.dataFrom[0].extract.key", "platform/dev/bff")],
      ["key", "searches everywhere", set("0.spec.dataFrom", [{ find: { name: { regexp: ".*" } } }])],
      ["refresh", "refreshes without pause", set("0.spec.refreshInterval", "1s")],
      ["refresh", "refreshes never", set("0.spec.refreshInterval", "0")],
      ["refresh", "refreshes every week", set("0.spec.refreshInterval", "168h")],
      ["refresh", "refreshes after no known time", set("0.spec.refreshInterval", "1h1d")],
      ["template", "carries values away", set("0.spec.target.template.data.url", '{{ getHostByName "a" }}')],
      [
        "key",
        "reads another environment for many namespaces",
        set("0", {
          kind: "ClusterExternalSecret",
          spec: { externalSecretSpec: { data: [{ remoteRef: { key: "a" } }] } },
        }),
      ],
    ],
    absent: [
      ["key", "the key", unset("0.spec.data[0].remoteRef.key")],
      [undefined, "the interval, which is an hour", unset("0.spec.refreshInterval")],
      [undefined, "the template", unset("0.spec.target.template")],
    ],
    passes: [
      [
        "another kind that holds one",
        set("0", { kind: "Other", spec: { externalSecretSpec: { data: [{ remoteRef: { key: "a" } }] } } }),
      ],
      [
        "a value that is made",
        set("0.spec.data[0]", { secretKey: "a", sourceRef: { generatorRef: { name: "a" } } }),
      ],
      ["a generator", set("0.spec.dataFrom", [{ sourceRef: { generatorRef: { name: "a" } } }])],
      [
        "a secret that is made once",
        all(set("0.spec.refreshPolicy", "CreatedOnce"), set("0.spec.refreshInterval", "0")),
      ],
      [
        "a secret that is made when it changes",
        all(set("0.spec.refreshPolicy", "OnChange"), set("0.spec.refreshInterval", "0")),
      ],
      ["a search in its own place", set("0.spec.dataFrom", [{ find: { path: "platform/production/bff" } }])],
      ["another kind", set("0", { kind: "Other", spec: { data: [{ remoteRef: { key: "a" } }] } })],
    ],
  },
  {
    rule: "E4",
    compliant: () => [
      {
        ...role("ClusterRole", { apiGroups: [""], resources: ["secrets"], verbs: ["create"] }),
        metadata: { name: "external-secrets-controller" },
      },
      {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "secretstores.external-secrets.io" },
      },
      release("external-secrets", { rbac: { serviceAccountTokenCreate: false } }),
    ],
    fails: [
      ["tokens", "makes tokens", set("0.rules[0].resources", ["serviceaccounts/token"])],
      ["tokens", "asks the chart for it", set("2.spec.values.rbac.serviceAccountTokenCreate", true)],
      ["kinds", "offers what nobody uses", set("1.metadata.name", "clusterpushsecrets.external-secrets.io")],
    ],
    absent: [["tokens", "the chart's switch", unset("2.spec.values.rbac")]],
    passes: [
      [
        "another kind of that name",
        add({ kind: "ConfigMap", metadata: { name: "pushsecrets.external-secrets.io" } }),
      ],
      [
        "tokens by name",
        all(
          set("0.rules[0].resources", ["serviceaccounts/token"]),
          set("0.rules[0].resourceNames", ["vault"]),
        ),
      ],
      [
        "tokens for another program",
        all(set("0.rules[0].resources", ["serviceaccounts/token"]), set("0.metadata.name", "other")),
      ],
      [
        "tokens in one namespace",
        all(set("0.kind", "Role"), set("0.rules[0].resources", ["serviceaccounts/token"])),
      ],
      [
        "looking at tokens",
        all(set("0.rules[0].resources", ["serviceaccounts/token"]), set("0.rules[0].verbs", ["get"])),
      ],
      ["definitions of others", set("1.metadata.name", "pushsecrets.example.com")],
      ["another chart", all(set("2.spec.chart", "other"), unset("2.spec.values"))],
    ],
  },
];

const issuer = () => ({
  apiVersion: "cert-manager.io/v1",
  kind: "ClusterIssuer",
  metadata: { name: "letsencrypt" },
  spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory", email: "platform@example.com" } },
});

export const certificateCases: readonly RuleCases[] = [
  {
    rule: "M1",
    compliant: () => [
      issuer(),
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "a" },
        spec: {
          issuerRef: { name: "letsencrypt", kind: "ClusterIssuer" },
          duration: "2160h",
          renewBefore: "360h",
        },
      },
    ],
    fails: [
      ["duration", "lasts no known time", set("1.spec.duration", "720h1d")],
      [
        "authority",
        "is not trusted",
        set("0.spec.acme.server", "https://acme-staging-v02.api.letsencrypt.org/directory"),
      ],
      ["authority", "trusts any authority", set("0.spec.acme.skipTLSVerify", true)],
      ["email", "has no address", set("0.spec.acme.email", "nobody")],
      ["issuer", "names another issuer", set("1.spec.issuerRef.name", "self-signed")],
      ["duration", "lasts a year", set("1.spec.duration", "8760h")],
      ["duration", "lasts a moment", all(set("1.spec.duration", "1s"), unset("1.spec.renewBefore"))],
      ["email", "has no address for one namespace", all(set("0.kind", "Issuer"), unset("0.spec.acme.email"))],
      ["duration", "is renewed before it is made", set("1.spec.renewBefore", "2161h")],
    ],
    absent: [
      ["email", "the address", unset("0.spec.acme.email")],
      ["issuer", "the issuer", unset("1.spec.issuerRef")],
      [undefined, "the duration", unset("1.spec.duration")],
    ],
    passes: [
      ["another kind of the same group", set("1", { apiVersion: "cert-manager.io/v1", kind: "Other" })],
      ["an issuer without ACME", set("0.spec", { ca: { secretName: "a" } })],
      [
        "a certificate of somebody else",
        all(set("1.apiVersion", "example.com/v1"), unset("1.spec.issuerRef")),
      ],
    ],
  },
  {
    rule: "M1",
    environment: "dev",
    compliant: () => [
      {
        ...issuer(),
        spec: {
          acme: { ...issuer().spec.acme, server: "https://acme-staging-v02.api.letsencrypt.org/directory" },
        },
      },
    ],
    fails: [
      [
        "authority",
        "uses up the limits",
        set("0.spec.acme.server", "https://acme-v02.api.letsencrypt.org/directory"),
      ],
    ],
    absent: [["email", "the address", unset("0.spec.acme.email")]],
  },
];
