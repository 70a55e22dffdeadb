import {
  application,
  applicationSet,
  appProject,
  clusterSecret,
  container,
  podSpec,
  repository,
  settings,
} from "./objects";
import { UnknownValueError } from "../../../policy-pack/unknown-value";
import { add, all, set, throwing, unset, type RuleCases } from "./rule-cases";

const name = (change: string) => set("0.metadata.name", change);

function workload(image: string, fields: object) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "argocd-server", namespace: "argocd" },
    spec: { template: { spec: { ...podSpec(), containers: [{ ...container(), image, ...fields }] } } },
  };
}

const argoCdImage = "quay.io/argoproj/argocd:v3.4.4";

const ingress = {
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "argocd-server", namespace: "argocd" },
  spec: {
    tls: [{ hosts: ["argocd.example.com"] }],
    rules: [
      { host: "argocd.example.com", http: { paths: [{ backend: { service: { name: "argocd-server" } } }] } },
    ],
  },
};

function application3(chart: string, helm: object) {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "argocd" },
    spec: { project: "bootstrap", source: { chart, helm } },
  };
}

export const argoCdCases: readonly RuleCases[] = [
  {
    rule: "A1",
    compliant: () => [appProject()],
    fails: [
      ["source", "allows any repository", set("0.spec.sourceRepos", ["*"])],
      ["source", "allows any repository of a host", set("0.spec.sourceRepos", ["https://github.com/*"])],
      [
        "destination",
        "allows everything everywhere",
        set("0.spec.destinations", [{ server: "*", namespace: "*" }]),
      ],
      [
        "destination",
        "allows everything everywhere by name",
        set("0.spec.destinations", [{ name: "*", namespace: "*" }]),
      ],
      ["admin-namespace", "reaches argocd", set("0.spec.destinations[0].namespace", "argo*")],
      ["admin-namespace", "reaches kube-system", set("0.spec.destinations[0].namespace", "kube-system")],
      ["admin-namespace", "reaches every namespace", set("0.spec.destinations[0].namespace", "*")],
      [
        "admin-namespace",
        "denies one of the two",
        set("0.spec.destinations", [
          { server: "https://a.example.com", namespace: "*" },
          { server: "https://a.example.com", namespace: "!argocd" },
        ]),
      ],
    ],
    absent: [[undefined, "what it allows", unset("0.spec")]],
    passes: [
      [
        "a denied cluster",
        set("0.spec.destinations[0]", { server: "!https://a.example.com", namespace: "*" }),
      ],
      [
        "the administrators' project",
        all(name("bootstrap"), set("0.spec.destinations[0].namespace", "argocd")),
      ],
      ["repositories of an owner", set("0.spec.sourceRepos", ["https://github.com/organization/*"])],
      ["a denied namespace", set("0.spec.destinations[0].namespace", "!kube-system")],
      [
        "one namespace of any cluster",
        set("0.spec.destinations", [{ server: "*", namespace: "platform-production" }]),
      ],
      [
        "every namespace but the denied ones",
        set("0.spec.destinations", [
          { server: "https://a.example.com", namespace: "*" },
          { server: "https://a.example.com", namespace: "!argo*" },
          { server: "https://a.example.com", namespace: "!kube-system" },
        ]),
      ],
      ["another kind", set("0", { kind: "Application", spec: { sourceRepos: ["*"] } })],
    ],
  },
  {
    rule: "A2",
    compliant: () => {
      const project = appProject();
      set("0.spec.clusterResourceBlacklist", [{ group: "", kind: "Node" }])([project]);
      return [project];
    },
    fails: [
      [
        "everything",
        "allows everything",
        set("0.spec.clusterResourceWhitelist", [{ group: "*", kind: "*" }]),
      ],
      [
        "power",
        "allows bindings",
        set("0.spec.clusterResourceWhitelist", [
          { group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding" },
        ]),
      ],
      [
        "power",
        "allows a whole group",
        set("0.spec.clusterResourceWhitelist", [{ group: "apiextensions.k8s.io", kind: "*" }]),
      ],
      [
        "explicit",
        "denies nothing beside what it allows",
        all(
          set("0.spec.clusterResourceWhitelist", [{ group: "", kind: "Namespace" }]),
          unset("0.spec.clusterResourceBlacklist"),
        ),
      ],
    ],
    absent: [
      ["explicit", "both lists", unset("0.spec.clusterResourceWhitelist")],
      [
        "explicit",
        "a list beside one kind that is denied in any group",
        all(
          unset("0.spec.clusterResourceWhitelist"),
          set("0.spec.clusterResourceBlacklist", [
            { group: "*", kind: "Node" },
            { group: "", kind: "*" },
          ]),
        ),
      ],
    ],
    passes: [
      [
        "everything denied",
        all(
          unset("0.spec.clusterResourceWhitelist"),
          set("0.spec.clusterResourceBlacklist", [{ group: "*", kind: "*" }]),
        ),
      ],
      [
        "one kind beside what is denied",
        all(
          set("0.spec.clusterResourceWhitelist", [{ group: "", kind: "Namespace" }]),
          set("0.spec.clusterResourceBlacklist", [{ group: "rbac.authorization.k8s.io", kind: "*" }]),
        ),
      ],
      [
        "the administrators' project",
        all(name("bootstrap"), set("0.spec.clusterResourceWhitelist", [{ group: "*", kind: "*" }])),
      ],
      [
        "another kind",
        set("0", { kind: "Other", spec: { clusterResourceWhitelist: [{ group: "*", kind: "*" }] } }),
      ],
      [
        "a harmless kind of any group",
        set("0.spec.clusterResourceWhitelist", [{ group: "*", kind: "Widget" }]),
      ],
      [
        "a kind of that name in another group",
        set("0.spec.clusterResourceWhitelist", [{ group: "example.com", kind: "ClusterRole" }]),
      ],
      [
        "another kind of a powerful group",
        set("0.spec.clusterResourceWhitelist", [{ group: "rbac.authorization.k8s.io", kind: "Widget" }]),
      ],
    ],
  },
  {
    rule: "A3",
    compliant: () => [
      application(),
      {
        ...appProject(),
        metadata: { name: "default", namespace: "argocd" },
        spec: { sourceRepos: [], destinations: [] },
      },
    ],
    fails: [
      ["use", "uses default", set("0.spec.project", "default")],
      ["open", "leaves default open", set("1.spec.sourceRepos", ["*"])],
    ],
    absent: [["use", "the project", unset("0.spec.project")]],
    passes: [
      ["another project", all(set("1.metadata.name", "platform"), set("1.spec.sourceRepos", [repository]))],
      ["another kind of that name", all(set("1.kind", "Other"), set("1.spec.sourceRepos", ["*"]))],
    ],
  },
  {
    rule: "A4",
    compliant: () => [
      settings("argocd-cm", { "users.anonymous.enabled": "false" }),
      settings("argocd-cmd-params-cm", { "server.insecure": "false", "server.disable.auth": "false" }),
      workload(argoCdImage, { args: ["/usr/local/bin/argocd-server"] }),
    ],
    fails: [
      [
        "tls",
        "serves plain http behind a Gateway of another service",
        all(
          set('1.data["server.insecure"]', "true"),
          add({ ...ingress, kind: "HTTPRoute", spec: { rules: [{ backendRefs: [{ name: "bff" }] }] } }),
        ),
      ],
      ["anonymous", "lets everybody in", set('0.data["users.anonymous.enabled"]', "true")],
      ["login", "asks for no login", set('1.data["server.disable.auth"]', "true")],
      [
        "login",
        "asks for no login by option",
        set("2.spec.template.spec.containers[0].args[1]", "--disable-auth"),
      ],
      [
        "login",
        "asks for no login by variable",
        set("2.spec.template.spec.containers[0].env", [
          { name: "ARGOCD_SERVER_DISABLE_AUTH", value: "true" },
        ]),
      ],
      [
        "link",
        "shows a script as a link",
        set('2.metadata.annotations["link.argocd.argoproj.io/docs"]', "Docs|javascript:alert(1)"),
      ],
      [
        "tls",
        "serves plain http behind something else with certificates",
        all(set('1.data["server.insecure"]', "true"), add({ ...ingress, kind: "Other" })),
      ],
      [
        "link",
        "shows a plain link",
        set('2.metadata.annotations["link.argocd.argoproj.io/docs"]', "http://a"),
      ],
      ["tls", "serves plain http", set('1.data["server.insecure"]', "true")],
      ["tls", "serves plain http by option", set("2.spec.template.spec.containers[0].args[1]", "--insecure")],
      [
        "tls",
        "serves plain http behind plain http",
        all(
          set('1.data["server.insecure"]', "true"),
          add({ ...ingress, spec: { rules: ingress.spec.rules } }),
        ),
      ],
      [
        "anonymous",
        "lets everybody in by the values of a chart",
        add(application3("argo-cd", { values: 'configs:\n  cm:\n    users.anonymous.enabled: "true"\n' })),
      ],
      [
        "login",
        "asks for no login by the values of a chart",
        add(
          application3("argo-cd", { valuesObject: { configs: { params: { "server.disable.auth": true } } } }),
        ),
      ],
    ],
    absent: [[undefined, "the settings", all(unset("0.data"), unset("1.data"))]],
    passes: [
      [
        "plain http behind an Ingress with TLS",
        all(
          set('1.data["server.insecure"]', "true"),
          set("2.spec.template.spec.containers[0].args[1]", "--insecure"),
          add(ingress),
        ),
      ],
      [
        "plain http behind a Gateway",
        all(set('1.data["server.insecure"]', "true"), add({ ...ingress, kind: "HTTPRoute" })),
      ],
      [
        "the option of another program",
        set("2", workload("ghcr.io/platform/bff:1", { args: ["--insecure", "--disable-auth"] })),
      ],
      [
        "the values of another chart",
        add(
          application3("other", { valuesObject: { configs: { cm: { "users.anonymous.enabled": "true" } } } }),
        ),
      ],
      ["another ConfigMap", add(settings("other", { "users.anonymous.enabled": "true" }))],
      [
        "a link by https, with a title and without",
        all(
          set('2.metadata.annotations["example.com/note"]', "no link"),
          set('2.metadata.annotations["link.argocd.argoproj.io/a"]', "https://example.com"),
          set('2.metadata.annotations["link.argocd.argoproj.io/b"]', "Docs|https://example.com"),
        ),
      ],
    ],
  },
  {
    rule: "A5",
    compliant: () => [settings("argocd-cm", { "exec.enabled": "false" })],
    fails: [["", "opens shells", set('0.data["exec.enabled"]', "true")]],
    absent: [[undefined, "the setting", unset("0.data")]],
  },
  {
    rule: "A6",
    compliant: () => [
      settings("argocd-cm", {
        "admin.enabled": "false",
        "oidc.config": "{}",
        "accounts.ci": "apiKey",
        "accounts.a.enabled": "true",
      }),
      { ...appProject(), spec: { roles: [{ name: "ci", jwtTokens: [{ iat: 1, exp: 2 }] }] } },
    ],
    fails: [
      ["admin", "keeps the administrator", set('0.data["admin.enabled"]', "true")],
      ["account", "is person and program", set('0.data["accounts.ci"]', "apiKey, login")],
      [
        "admin",
        "keeps the administrator beside Dex",
        all(
          unset('0.data["oidc.config"]'),
          set('0.data["dex.config"]', "{}"),
          set('0.data["admin.enabled"]', "true"),
        ),
      ],
      [
        "initial-password",
        "keeps the first password",
        add({ apiVersion: "v1", kind: "Secret", metadata: { name: "argocd-initial-admin-secret" } }),
      ],
    ],
    absent: [
      ["admin", "the setting", unset('0.data["admin.enabled"]')],
      ["project-token", "the end of a token", unset("1.spec.roles[0].jwtTokens[0].exp")],
    ],
    passes: [
      ["a person", set('0.data["accounts.ci"]', "login")],
      ["another setting of these words", set('0.data["help.chatText"]', "apiKey, login")],
      ["another kind with tokens", add({ kind: "Other", spec: { roles: [{ jwtTokens: [{ iat: 1 }] }] } })],
      ["another Secret", add({ kind: "Secret", metadata: { name: "argocd-secret" } })],
      ["another kind of that name", add({ kind: "Role", metadata: { name: "argocd-initial-admin-secret" } })],
      [
        "the administrator without single sign-on",
        all(unset('0.data["oidc.config"]'), set('0.data["admin.enabled"]', "true")),
      ],
    ],
  },
  {
    rule: "A7",
    compliant: () => [
      settings("argocd-rbac-cm", {
        "policy.default": "",
        scopes: "p, role:dev, *, *, *, allow",
        "policy.csv":
          "p, role:dev, applications, get, */*, allow\np, role:platform-admin, applicationsets, create, *, allow\ng, devs, role:dev",
      }),
      appProject(),
    ],
    fails: [
      ["default", "gives everybody something", set('0.data["policy.default"]', "role:readonly")],
      [
        "everything",
        "allows everything",
        set('0.data["policy.csv"]', "p, role:platform-admin, *, *, *, allow"),
      ],
      [
        "override",
        "syncs what is not in git",
        set('0.data["policy.csv"]', "p, role:dev, applications, override, platform/*, allow"),
      ],
      [
        "override",
        "does everything with applications",
        set('0.data["policy.dev.csv"]', "p, role:dev, applications, *, platform/*, allow"),
      ],
      ["exec", "opens shells", set('0.data["policy.csv"]', "p, role:dev, exec, create, platform/*, allow")],
      [
        "applicationsets",
        "makes sets",
        set('0.data["policy.csv"]', "p, role:dev, applicationsets, create, platform/*, allow"),
      ],
      [
        "override",
        "syncs what is not in git, in a project",
        set("1.spec.roles[0].policies", [
          "p, proj:platform:developer, applications, override, platform/*, allow",
        ]),
      ],
    ],
    absent: [[undefined, "the settings", unset("0.data")]],
    passes: [
      ["what is denied", set('0.data["policy.csv"]', "p, role:dev, *, *, *, deny")],
      ["a group", set('0.data["policy.csv"]', "g, *, *, *, *, *")],
      [
        "everything with one cluster",
        set('0.data["policy.csv"]', "p, role:dev, clusters, *, https://a, allow"),
      ],
      [
        "looking at sets",
        set('0.data["policy.csv"]', "p, role:dev, applicationsets, get, platform/*, allow"),
      ],
      [
        "policies of another kind",
        set("1", { kind: "Role", spec: { roles: [{ policies: ["p, a, *, *, *, allow"] }] } }),
      ],
    ],
  },
  {
    rule: "A8",
    compliant: () => [
      clusterSecret(),
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "repository",
          namespace: "argocd",
          labels: { "argocd.argoproj.io/secret-type": "repository" },
        },
        stringData: { url: repository, insecure: "false" },
      },
      settings("argocd-cm", {}),
      settings("argocd-cmd-params-cm", {
        "controller.repo.server.strict.tls": "true",
        "server.repo.server.strict.tls": "true",
        "server.dex.server.strict.tls": "true",
      }),
    ],
    fails: [
      ["", "cannot be read at all", throwing("0.stringData", "config", new Error("broken"))],
      [
        "cluster",
        "accepts any API server",
        set("0.stringData.config", JSON.stringify({ tlsClientConfig: { insecure: true, caData: "YQ==" } })),
      ],
      ["cluster", "says nothing that can be read", set("0.stringData.config", "{")],
      [
        "cluster",
        "names no authority in data",
        all(unset("0.stringData"), set("0.data", { config: "e30=", server: "aHR0cHM6Ly9h" })),
      ],
      ["repository", "accepts any repository", set("1.stringData.insecure", "true")],
      ["sso", "accepts any identity provider", set('2.data["oidc.tls.insecure.skip.verify"]', "true")],
      ["repo-server", "sends manifests in the clear", set('3.data["reposerver.disable.tls"]', "true")],
      ["strict", "accepts any Dex", set('3.data["server.dex.server.strict.tls"]', "false")],
      ["strict", "accepts any repo server", set('3.data["controller.repo.server.strict.tls"]', "false")],
    ],
    absent: [
      ["cluster", "the authority", set("0.stringData.config", "{}")],
      ["cluster", "the text", unset("0.stringData.config")],
      ["strict", "the settings", unset("3.data")],
    ],
    passes: [
      [
        "a text that is only known later",
        throwing("0.stringData", "config", new UnknownValueError("stringData.config")),
      ],
      [
        "another Secret of Argo CD",
        all(
          set('1.metadata.labels["argocd.argoproj.io/secret-type"]', "other"),
          set("1.stringData.insecure", "true"),
        ),
      ],
      [
        "Argo CD's own cluster",
        all(set("0.stringData.server", "https://kubernetes.default.svc"), set("0.stringData.config", "{}")),
      ],
      ["another Secret", all(set("0.metadata.labels", {}), set("0.stringData.config", "{}"))],
      [
        "another kind with the label of a cluster",
        all(set("0.kind", "Other"), set("0.stringData.config", "{}")),
      ],
      [
        "another kind with the label of a repository",
        all(set("1.kind", "Other"), set("1.stringData.insecure", "true")),
      ],
      ["a setting of Dex that says nothing", set('3.data["server.dex.server.strict.tls"]', "")],
      ["another setting that is off", set('3.data["controller.sharding"]', "false")],
    ],
  },
  {
    rule: "A9",
    compliant: () => [
      settings("argocd-cm", { "helm.valuesFileSchemes": "https", "kustomize.buildOptions": "--enable-helm" }),
      settings("argocd-cmd-params-cm", {}),
      workload("public.ecr.aws/docker/library/redis:8.2.3", { args: ["--requirepass", "$(REDIS_PASSWORD)"] }),
    ],
    fails: [
      ["symlinks", "follows links", set('1.data["reposerver.allow.oob.symlinks"]', "true")],
      [
        "kustomize",
        "leaves the repository",
        set('0.data["kustomize.buildOptions"]', "--load-restrictor LoadRestrictionsNone"),
      ],
      ["values-schemes", "fetches values by http", set('0.data["helm.valuesFileSchemes"]', "https, http")],
      ["redis", "leaves Redis open", unset("2.spec.template.spec.containers[0].args")],
    ],
    absent: [
      ["values-schemes", "the schemes", unset('0.data["helm.valuesFileSchemes"]')],
      [undefined, "build options", unset('0.data["kustomize.buildOptions"]')],
    ],
    passes: [
      [
        "a password in a variable",
        set("2.spec.template.spec.containers[0]", {
          image: "docker.io/library/redis:8.2.3",
          env: [{ name: "REDIS_PASSWORD", valueFrom: {} }],
        }),
      ],
      ["another program without a password", set("2", workload("ghcr.io/platform/bff:1", {}))],
      ["a list of schemes that ends in a comma", set('0.data["helm.valuesFileSchemes"]', "https,")],
      ["another setting of these words", set('0.data["help.chatText"]', "--enable-exec")],
    ],
  },
  {
    rule: "A10",
    compliant: () => [applicationSet()],
    fails: [
      ["project", "lets the generator choose", set("0.spec.template.spec.project", "{{.path.basename}}")],
      ["project", "patches the project", set("0.spec.templatePatch", "spec:\n  project: other\n")],
      ["template", "has no Go template", set("0.spec.goTemplate", false)],
      ["deletion", "takes workloads along", set("0.spec.syncPolicy.preserveResourcesOnDeletion", false)],
      ["deletion", "deletes Applications", set("0.spec.syncPolicy.applicationsSync", "sync")],
      [
        "deletion",
        "writes it where it does nothing",
        set("0.spec.template.spec.syncPolicy.syncOptions", ["preserveResourcesOnDeletion=true"]),
      ],
      [
        "code-host",
        "asks any code host",
        set("0.spec.generators", [{ matrix: { generators: [{ pullRequest: { github: {} } }] } }]),
      ],
      [
        "code-host",
        "asks any code host although others are listed",
        all(
          set("0.spec.generators", [{ scmProvider: { github: {} } }]),
          add(
            settings("argocd-cmd-params-cm", {
              "applicationsetcontroller.allowed.scm.providers": "https://github.com",
            }),
          ),
        ),
      ],
    ],
    absent: [
      [
        "code-host",
        "a list of code hosts",
        all(
          set("0.spec.generators", [{ scmProvider: { github: {} } }]),
          add(
            settings("argocd-cmd-params-cm", {
              "applicationsetcontroller.enable.tokenref.strict.mode": "true",
            }),
          ),
        ),
      ],
      ["template", "goTemplateOptions", unset("0.spec.goTemplateOptions")],
      ["deletion", "preserveResourcesOnDeletion", unset("0.spec.syncPolicy.preserveResourcesOnDeletion")],
      ["deletion", "applicationsSync", unset("0.spec.syncPolicy.applicationsSync")],
    ],
    passes: [
      ["Applications that are only made", set("0.spec.syncPolicy.applicationsSync", "create-only")],
      [
        "listed code hosts",
        all(
          set("0.spec.generators", [{ scmProvider: { github: {} } }]),
          add(
            settings("argocd-cmd-params-cm", {
              "applicationsetcontroller.allowed.scm.providers": "https://github.com",
              "applicationsetcontroller.enable.tokenref.strict.mode": "true",
            }),
          ),
        ),
      ],
      ["another kind", set("0", { kind: "Application", spec: { generators: [{ scmProvider: {} }] } })],
    ],
  },
  {
    rule: "A10",
    environment: "dev",
    compliant: () => [applicationSet()],
    fails: [["template", "has no Go template", unset("0.spec.goTemplate")]],
    absent: [[undefined, "what only production needs", unset("0.spec.syncPolicy")]],
  },
  {
    rule: "A11",
    compliant: () => [
      application(),
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: {
          name: "data",
          annotations: { "argocd.argoproj.io/sync-options": "Prune=confirm,Delete=confirm" },
        },
      },
    ],
    fails: [
      ["empty", "may become empty", set("0.spec.syncPolicy.automated.allowEmpty", true)],
      ["prune", "prunes at any time", set("0.spec.syncPolicy.syncOptions", ["PruneLast=false"])],
      [
        "stateful",
        "prunes data",
        set('1.metadata.annotations["argocd.argoproj.io/sync-options"]', "PruneLast=true"),
      ],
    ],
    absent: [
      ["self-heal", "selfHeal", unset("0.spec.syncPolicy.automated.selfHeal")],
      ["prune", "the options", unset("0.spec.syncPolicy.syncOptions")],
      ["stateful", "the annotation", unset("1.metadata.annotations")],
      [undefined, "automation", unset("0.spec.syncPolicy")],
    ],
    passes: [
      ["no pruning", all(unset("0.spec.syncPolicy.automated.prune"), unset("0.spec.syncPolicy.syncOptions"))],
      ["a kind without data", set("1", { kind: "ConfigMap" })],
    ],
  },
  {
    rule: "A11",
    environment: "dev",
    compliant: () => [application(), { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "a" } }],
    fails: [["empty", "may become empty", set("0.spec.syncPolicy.automated.allowEmpty", true)]],
    absent: [[undefined, "what only production needs", unset("0.spec.syncPolicy.syncOptions")]],
  },
  {
    rule: "A11",
    pulumi: {},
    compliant: () => [application(), { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "a" } }],
    fails: [["prune", "prunes at any time", set("0.spec.syncPolicy.syncOptions", [])]],
    absent: [[undefined, "an annotation on what Pulumi owns", unset("1.metadata")]],
  },
  {
    rule: "A12",
    compliant: () => [appProject()],
    fails: [
      [
        "invalid",
        "denies at no time",
        set("0.spec.syncWindows", [
          { kind: "deny", schedule: "x", duration: "1h", applications: ["*"] },
          { kind: "allow", schedule: "0 8 * * *", duration: "1h", applications: ["*"] },
        ]),
      ],
      ["missing", "has an empty list", set("0.spec.syncWindows", [])],
      ["invalid", "has a word for a kind", set("0.spec.syncWindows[0].kind", "permit")],
      ["invalid", "has six fields", set("0.spec.syncWindows[0].schedule", "0 0 8 * * 1")],
      ["invalid", "has a day that never comes", set("0.spec.syncWindows[0].schedule", "0 8 30 2 *")],
      ["invalid", "lasts a day in days", set("0.spec.syncWindows[0].duration", "1d")],
      ["invalid", "lies in no time zone", set("0.spec.syncWindows[0].timeZone", "Europe/Atlantis")],
      ["invalid", "is for nothing", set("0.spec.syncWindows[0].applications", [])],
      [
        "closed",
        "never opens",
        set("0.spec.syncWindows", [
          { kind: "deny", schedule: "0 0 * * *", duration: "24h", applications: ["*"] },
        ]),
      ],
      [
        "shadowed",
        "opens when another closes",
        set("0.spec.syncWindows[1]", {
          kind: "deny",
          schedule: "0 7 * * 1-5",
          duration: "11h",
          timeZone: "Europe/Berlin",
          applications: ["*"],
        }),
      ],
    ],
    absent: [
      ["missing", "windows", unset("0.spec.syncWindows")],
      ["invalid", "the duration", unset("0.spec.syncWindows[0].duration")],
      [undefined, "the time zone", unset("0.spec.syncWindows[0].timeZone")],
    ],
    passes: [
      [
        "a night that is denied",
        set("0.spec.syncWindows[1]", {
          kind: "deny",
          schedule: "0 20 * * *",
          duration: "8h",
          timeZone: "Europe/Berlin",
          applications: ["*"],
        }),
      ],
      [
        "a denial for others",
        set("0.spec.syncWindows", [
          { kind: "allow", schedule: "0 8 * * *", duration: "1h", namespaces: ["a"] },
          { kind: "deny", schedule: "0 0 * * *", duration: "24h", namespaces: ["b"] },
        ]),
      ],
      ["the administrators' project", all(name("bootstrap"), unset("0.spec.syncWindows"))],
      ["the stripped default project", all(name("default"), unset("0.spec.syncWindows"))],
      ["another kind", set("0", { kind: "Application", spec: {} })],
    ],
  },
  {
    rule: "A12",
    environment: "staging",
    compliant: () => [appProject()],
    fails: [["invalid", "has six fields", set("0.spec.syncWindows[0].schedule", "0 0 8 * * 1")]],
    absent: [[undefined, "what only production needs", unset("0.spec.syncWindows")]],
  },
  {
    rule: "A13",
    compliant: () => [application(), appProject()],
    fails: [
      ["cluster", "names the cluster twice", set("0.spec.destination.name", "hub")],
      ["source", "names a path and a chart", set("0.spec.source.chart", "a")],
      [
        "environment",
        "points at another environment",
        all(unset("1"), set("0.spec.destination.namespace", "platform-staging")),
      ],
      [
        "environment",
        "points at a cluster of another environment",
        all(unset("1"), unset("0.spec.destination.server"), set("0.spec.destination.name", "dev-eu")),
      ],
      ["project", "leaves the project's namespace", set("0.spec.destination.namespace", "other")],
      [
        "project",
        "leaves the project's repositories",
        set("0.spec.source.repoURL", "https://github.com/other/repository"),
      ],
      [
        "project",
        "uses what the project denies",
        set("1.spec.sourceRepos", ["https://github.com/organization/*", `!${repository}`]),
      ],
    ],
    absent: [
      ["cluster", "the cluster", unset("0.spec.destination.server")],
      ["source", "path and chart", unset("0.spec.source.path")],
      [undefined, "the project, which then cannot be compared", unset("1")],
    ],
    passes: [
      [
        "a cluster by name, in a project that lists addresses",
        all(
          unset("0.spec.destination.server"),
          set("0.spec.destination.name", "hub"),
          unset("1.spec.destinations[0].name"),
        ),
      ],
      ["a source that lends its files", set("0.spec.sources", [{ repoURL: repository, ref: "values" }])],
      [
        "what a generator fills in",
        all(set("0", applicationSet()), set("0.spec.template.spec.source.repoURL", "{{.repo}}")),
      ],
    ],
  },
  {
    rule: "A14",
    compliant: () => [
      settings("argocd-cmd-params-cm", { "application.namespaces": "argocd,team-a" }),
      { ...appProject(), spec: { ...(appProject().spec as object), sourceNamespaces: ["team-a"] } },
      clusterSecret(),
    ],
    fails: [
      ["namespaces", "accepts any namespace", set('0.data["application.namespaces"]', "*")],
      [
        "namespaces",
        "accepts any namespace for sets",
        set('0.data["applicationsetcontroller.namespaces"]', "/.*/"),
      ],
      ["namespaces", "accepts any namespace in a project", set("1.spec.sourceNamespaces", ["*"])],
      ["namespaces", "accepts any namespace of a name", set("1.spec.sourceNamespaces", ["team-*"])],
      ["namespaces", "accepts any namespace of a form", set("1.spec.sourceNamespaces", ["/team-./"])],
      ["clusters", "uses every cluster", set("1.spec.permitOnlyProjectScopedClusters", false)],
      ["account", "holds the whole cluster", set("2.stringData.namespaces", "")],
    ],
    absent: [
      ["clusters", "permitOnlyProjectScopedClusters", unset("1.spec.permitOnlyProjectScopedClusters")],
      ["account", "the namespaces of a cluster", unset("2.stringData.namespaces")],
      [undefined, "settings", unset("0.data")],
    ],
    passes: [
      ["another kind", set("1", { kind: "Other", spec: { sourceNamespaces: ["*"] } })],
      [
        "the administrators' project",
        all(set("1.metadata.name", "bootstrap"), unset("1.spec.permitOnlyProjectScopedClusters")),
      ],
      [
        "a project without destinations",
        all(unset("1.spec.destinations"), unset("1.spec.permitOnlyProjectScopedClusters")),
      ],
      ["another Secret", all(set("2.metadata.labels", {}), unset("2.stringData.namespaces"))],
      ["another kind with that label", all(set("2.kind", "Other"), unset("2.stringData.namespaces"))],
    ],
  },
  {
    rule: "A14",
    environment: "dev",
    compliant: () => [appProject(), clusterSecret()],
    fails: [["namespaces", "accepts any namespace", set("0.spec.sourceNamespaces", ["*"])]],
    absent: [
      [
        undefined,
        "what only production needs",
        all(unset("0.spec.permitOnlyProjectScopedClusters"), unset("1.stringData.namespaces")),
      ],
    ],
  },
  {
    rule: "A15",
    compliant: () =>
      [
        ingress,
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "argocd-secret", namespace: "argocd" },
          stringData: { "webhook.github.secret": "a" },
        },
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "argocd-server" },
          spec: { type: "ClusterIP" },
        },
      ].map((object) => structuredClone(object)),
    fails: [
      ["secret", "has another secret", set("1.stringData", { "admin.password": "a" })],
      ["load-balancer", "is public", set("2.spec.type", "LoadBalancer")],
      ["load-balancer", "is public on every node", set("2.spec.type", "NodePort")],
      ["secret", "has it in another Secret", set("1.metadata.name", "other")],
      ["secret", "has it in something else", set("1.kind", "ConfigMap")],
      ...["HTTPRoute", "GRPCRoute"].map(
        (kind) =>
          [
            "secret",
            `is exposed by a ${kind}`,
            all(
              unset("1"),
              set("0.kind", kind),
              set("0.spec", { rules: [{ backendRefs: [{ name: "argocd-server" }] }] }),
            ),
          ] as const,
      ),
    ],
    absent: [["secret", "the secret", unset("1")]],
    passes: [
      [
        "a container of that name",
        all(unset("1"), set("0", { kind: "Deployment", spec: { template: { name: "argocd-server" } } })),
      ],
      ["nothing exposed", all(unset("1"), unset("0"))],
      [
        "another service that is public",
        all(set("2.metadata.name", "bff"), set("2.spec.type", "LoadBalancer")),
      ],
      ["another kind of that name", all(set("2.kind", "Other"), set("2.spec.type", "LoadBalancer"))],
      [
        "another service exposed",
        all(unset("1"), set("0.spec.rules[0].http.paths[0].backend.service.name", "bff")),
      ],
    ],
  },
];
