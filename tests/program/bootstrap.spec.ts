import assert from "node:assert/strict";
import { deployableKinds, derivedKinds } from "../../components/argo-cd/deployable-kinds";
import { deployerRules, hubDeployerRules } from "../../components/clusters/deployer-role";
import bootstrap from "../../index";
import { find, record, type Registered } from "../recorder";
import { kubeconfig, kubeconfigFile, testCertificate } from "../stack-config";

const secrets = {
  git: { username: "argocd", password: "canary-git-password" },
  sealingKey: {
    certificate: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
    privateKey: "-----BEGIN PRIVATE KEY-----\ncanary-sealing-key\n-----END PRIVATE KEY-----",
  },
};

const spoke = (name: string) => ({
  name,
  server: `https://${name}.example.com`,
  caCertificate: testCertificate(),
});

function devConfig(): Record<string, unknown> {
  return {
    hub: { name: "dev", connection: { kubeconfig: kubeconfigFile() } },
    git: { url: "https://github.com/organization/platform" },
    argocd: { domain: "argocd.dev.example.com" },
    vault: { server: "https://vault.example.com" },
    secrets,
  };
}

function productionConfig(): Record<string, unknown> {
  return {
    hub: { name: "hub", connection: { kubeconfig: kubeconfigFile() } },
    spokes: [spoke("eu"), { ...spoke("us"), credentials: { kind: "eks", clusterName: "us" } }],
    git: { url: "https://github.com/organization/platform" },
    argocd: {
      domain: "argocd.example.com",
      highAvailability: true,
      sso: { kind: "oidc", name: "Company", issuer: "https://id.example.com", clientId: "argocd" },
      access: { admins: ["platform-admins"], projectAdmins: ["leads"], developers: ["developers"] },
      syncWindows: [{ kind: "deny", schedule: "0 18 * * 5", duration: "12h", timeZone: "Europe/Berlin" }],
    },
    vault: { server: "https://vault.example.com" },
    secrets: {
      ...secrets,
      kubeconfigs: { eu: kubeconfig, us: kubeconfig },
      argocd: { oidcClientSecret: "canary-client-secret" },
    },
  };
}

const kubernetesResources = (resources: readonly Registered[]) =>
  resources.filter(({ type }) => type.startsWith("kubernetes:"));

describe("the program", () => {
  let dev: Registered[];
  let production: Registered[];

  before(async () => {
    dev = await record(bootstrap, { environment: "dev", config: devConfig() });
    production = await record(bootstrap, { environment: "production", config: productionConfig() });
  });

  it("gives every Kubernetes resource and every component an explicit provider of a named cluster", () => {
    const clusters = new Set(["dev", "hub", "eu", "us"]);
    for (const resource of kubernetesResources([...dev, ...production])) {
      const provider = /^pulumi:providers:kubernetes::([^:]+)/.exec(resource.provider)?.[1];
      assert.ok(
        provider && clusters.has(provider),
        `${resource.type} ${resource.name}: ${resource.provider}`,
      );
    }
  });

  it("tells the provider which cluster it is, so that a rotated kubeconfig replaces nothing", () => {
    const { inputs } = find(production, "pulumi:providers:kubernetes", "eu");
    assert.equal(inputs["clusterIdentifier"], "eu");
    assert.equal(inputs["enableSecretMutable"], "true");
  });

  it("keeps every value that opens something secret", () => {
    for (const resource of [...dev, ...production]) {
      if (resource.type === "kubernetes:core/v1:Secret" && resource.inputs["stringData"] !== undefined) {
        assert.ok(
          resource.secretInputs.some((path) => path.startsWith("stringData")),
          `${resource.name} would stand in the state in plain text`,
        );
      }
      const open = JSON.stringify({ ...resource.inputs, stringData: undefined, kubeconfig: undefined });
      assert.ok(
        !open.includes("canary"),
        `${resource.type} ${resource.name} repeats a secret outside a Secret`,
      );
    }
    assert.ok(find(production, "pulumi:providers:kubernetes", "eu").secretInputs.includes("kubeconfig"));
  });

  it("creates the password of Redis before the chart that needs it, and no hook is left", () => {
    const chart = find(dev, "kubernetes:helm.sh/v4:Chart", "argocd");
    assert.ok(chart.dependencies.some((urn) => urn.endsWith("kubernetes:core/v1:Secret::argocd-redis")));
    assert.deepEqual((chart.inputs["values"] as Record<string, unknown>)["redisSecretInit"], {
      enabled: false,
    });
  });

  it("hands over only after the hub is registered, so that Argo CD watches what it delivers there", () => {
    for (const [resources, cluster] of [
      [dev, "dev"],
      [production, "hub"],
    ] as const) {
      const root = resources.find(({ type }) => type.endsWith(":RootApplication"));
      assert.ok(root?.dependencies.some((urn) => urn.endsWith(`kubernetes:core/v1:Secret::${cluster}`)));
    }
  });

  it("creates nothing of Argo CD's own kinds before the chart whose CRDs they are", () => {
    const custom = dev.filter(({ type }) => type.startsWith("kubernetes:argoproj.io/"));
    assert.equal(custom.length, 5);
    for (const resource of custom) {
      const component = dev.find(({ type, name }) => resource.parent.endsWith(`${type}::${name}`));
      const owners = [
        resource,
        component!,
        dev.find(({ type, name }) => component!.parent.endsWith(`${type}::${name}`)),
      ];
      assert.ok(
        owners.some((owner) =>
          owner?.dependencies.some((urn) => urn.endsWith("kubernetes:helm.sh/v4:Chart::argocd")),
        ),
        `${resource.type} ${resource.name}`,
      );
    }
  });

  it("generates Applications only after every cluster is ready for them", () => {
    const set = production.find(({ type }) => type === "platform:argo-cd:ServicesApplicationSet")!;
    for (const cluster of ["hub", "eu", "us"]) {
      assert.ok(
        set.dependencies.some((urn) => urn.endsWith(`kubernetes:core/v1:Secret::${cluster}`)),
        `does not wait for ${cluster}`,
      );
    }
  });

  it("registers every cluster with the label, the namespaces and no wider right than that", () => {
    for (const cluster of ["hub", "eu", "us"]) {
      const { inputs } = find(production, "kubernetes:core/v1:Secret", cluster);
      const data = (key: string) =>
        Buffer.from((inputs["data"] as Record<string, string>)[key]!, "base64").toString();
      assert.equal(
        (inputs["metadata"] as { labels: Record<string, string> }).labels["environment"],
        "production",
      );
      assert.equal(data("name"), cluster);
      assert.equal(data("clusterResources"), "false");
      assert.ok(data("namespaces").endsWith("platform-production"));
    }
  });

  it("writes the active token of a spoke's own account into its cluster Secret", () => {
    const { inputs } = find(production, "kubernetes:core/v1:Secret", "eu");
    const config = JSON.parse((inputs["stringData"] as Record<string, string>)["config"]!) as Record<
      string,
      unknown
    >;
    assert.equal(config["bearerToken"], "token-of-eu-token-a");
  });

  it("gives the account of each spoke what the project may deploy, in the one namespace", () => {
    for (const [cluster, subject] of [
      ["eu", { kind: "ServiceAccount", name: "argocd-manager", namespace: "argocd-manager" }],
      ["us", { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "argocd-manager" }],
    ] as const) {
      const name = `${cluster}-deployer`;
      const role = find(production, "kubernetes:rbac.authorization.k8s.io/v1:Role", `${name}-role`);
      const binding = find(
        production,
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        `${name}-binding`,
      );
      assert.deepEqual(role.inputs["rules"], deployerRules);
      assert.deepEqual(binding.inputs["subjects"], [subject]);
      assert.deepEqual(binding.inputs["metadata"], role.inputs["metadata"]);
      assert.equal((role.inputs["metadata"] as { namespace: string }).namespace, "platform-production");
    }
    assert.ok(!production.some(({ type }) => type.endsWith(":ClusterRoleBinding")));
  });

  it("lets Argo CD list a kind in all of the hub's namespaces or in none, since its cache knows no middle", () => {
    const listed = (role: string) => {
      const { inputs } = find(production, "kubernetes:rbac.authorization.k8s.io/v1:Role", role);
      const rules = inputs["rules"] as { apiGroups: string[]; resources: string[]; verbs: string[] }[];
      return new Set(
        rules
          .filter(({ verbs }) => verbs.includes("list"))
          .flatMap(({ apiGroups, resources }) => resources.map((resource) => `${apiGroups[0]}/${resource}`)),
      );
    };
    const services = listed("hub-deployer-role");
    // The chart itself lets Argo CD read its own kinds in its own namespace.
    const argoCd = new Set([...listed("deploy-observability-role"), "argoproj.io/applications"]);
    const permitted = [
      ...deployableKinds,
      ...derivedKinds,
      { group: "argoproj.io", resource: "applications" },
    ];
    for (const { group, resource } of permitted) {
      assert.ok(services.has(`${group}/${resource}`), `services: ${resource}`);
      assert.ok(argoCd.has(`${group}/${resource}`), `argocd: ${resource}`);
    }
  });

  it("gives each group of the stack its role of the project, and no other", () => {
    const project = find(production, "kubernetes:argoproj.io/v1alpha1:AppProject", "projects-platform");
    const { roles } = project.inputs["spec"] as { roles: { name: string; groups: string[] }[] };
    assert.deepEqual(
      roles.map(({ name, groups }) => [name, groups]),
      [
        ["developer", ["developers"]],
        ["admin", ["leads"]],
      ],
    );
  });

  it("stores no token of a cluster that has a cloud identity", () => {
    assert.ok(!production.some(({ name }) => name.startsWith("us-token")));
    const { inputs } = find(production, "kubernetes:core/v1:Secret", "us");
    const config = JSON.parse((inputs["stringData"] as Record<string, string>)["config"]!) as Record<
      string,
      unknown
    >;
    assert.deepEqual(config["awsAuthConfig"], { clusterName: "us" });
  });

  it("protects outside dev what would take services with it", () => {
    const guarded: [string, string][] = [
      ["kubernetes:core/v1:Namespace", "eu-services"],
      ["kubernetes:core/v1:Secret", "eu"],
      ["kubernetes:argoproj.io/v1alpha1:AppProject", "projects-platform"],
      ["kubernetes:argoproj.io/v1alpha1:ApplicationSet", "services"],
      ["kubernetes:core/v1:Secret", "eu-sealed-secrets-key"],
    ];
    for (const [type, name] of guarded) assert.ok(find(production, type, name).protect, `${type} ${name}`);
  });

  it("keeps the definition of SealedSecrets outside dev, for which the chart has no option", () => {
    const chart = "kubernetes:helm.sh/v4:Chart";
    assert.equal(find(production, chart, "eu-sealed-secrets").transforms, 1);
    assert.equal(find(dev, chart, "dev-sealed-secrets").transforms, 0);
  });

  it("keeps the sealing key through everything, in every environment", () => {
    const key = find(dev, "kubernetes:core/v1:Secret", "dev-sealed-secrets-key");
    assert.ok(key.protect && key.retainOnDelete);
    assert.ok(
      find(dev, "kubernetes:helm.sh/v4:Chart", "dev-sealed-secrets").dependencies.some((urn) =>
        urn.endsWith("dev-sealed-secrets-key"),
      ),
      "the controller could start first and make a key of its own",
    );
  });

  it("keeps the keys that git was sealed for before, and starts the controller again when the keys change", async () => {
    const older = { certificate: "-----BEGIN CERTIFICATE-----\ny\n-----END CERTIFICATE-----" };
    const privateKey = "-----BEGIN PRIVATE KEY-----\ncanary-old-key\n-----END PRIVATE KEY-----";
    const recorded = await record(bootstrap, {
      config: {
        ...devConfig(),
        secrets: { ...secrets, retiredSealingKeys: [{ ...older, privateKey }] },
      },
    });
    const key = find(recorded, "kubernetes:core/v1:Secret", "dev-sealed-secrets-retired-key-0");
    assert.ok(key.protect && key.retainOnDelete);
    assert.ok(key.secretInputs.some((path) => path.startsWith("stringData")));
    const keysOf = (resources: readonly Registered[]) => {
      const { inputs } = find(resources, "kubernetes:helm.sh/v4:Chart", "dev-sealed-secrets");
      return (inputs["values"] as { podAnnotations: object }).podAnnotations;
    };
    assert.notDeepEqual(keysOf(recorded), keysOf(dev));
  });

  it("lets dev be thrown away but for the sealing key", () => {
    assert.deepEqual(
      dev.filter(({ protect }) => protect).map(({ name }) => name),
      ["dev-sealed-secrets-key"],
    );
  });

  it("leads each cluster to its own mount and to the role of its environment", () => {
    for (const cluster of ["hub", "eu", "us"]) {
      const spec = find(production, "kubernetes:external-secrets.io/v1:SecretStore", `${cluster}-vault`)
        .inputs["spec"];
      const { kubernetes } = (
        spec as { provider: { vault: { auth: Record<string, Record<string, unknown>> } } }
      ).provider.vault.auth;
      assert.equal(kubernetes!["mountPath"], `kubernetes/${cluster}`);
      assert.equal(kubernetes!["role"], "platform-production");
      assert.deepEqual((kubernetes!["serviceAccountRef"] as Record<string, unknown>)["audiences"], ["vault"]);
    }
  });

  it("stores each way into git as the Secret that Argo CD expects of it", async () => {
    const key = "-----BEGIN PRIVATE KEY-----canary";
    const templates = {
      https: { username: "argocd", password: "canary-password" },
      ssh: { sshPrivateKey: key },
      app: { githubApp: { id: 1, installationId: 2, privateKey: key } },
    };
    const recorded = await record(bootstrap, {
      config: {
        ...devConfig(),
        git: {
          url: "https://github.com/organization/platform",
          credentialTemplates: [
            { name: "https", url: "https://git.example.com/organization" },
            { name: "ssh", url: "git@git.example.com:organization" },
            { name: "app", url: "https://github.com/organization" },
          ],
        },
        secrets: { credentialTemplates: templates },
      },
    });
    const dataOf = (name: string) =>
      find(recorded, "kubernetes:core/v1:Secret", name).inputs["stringData"] as Record<string, unknown>;
    assert.deepEqual(Object.keys(dataOf("repository")).sort(), ["name", "type", "url"]);
    assert.deepEqual(dataOf("credentials-https"), {
      type: "git",
      url: "https://git.example.com/organization",
      username: "argocd",
      password: "canary-password",
    });
    assert.deepEqual(dataOf("credentials-ssh"), {
      type: "git",
      url: "ssh://git@git.example.com/organization",
      sshPrivateKey: key,
    });
    assert.deepEqual(dataOf("credentials-app"), {
      type: "git",
      url: "https://github.com/organization",
      githubAppID: "1",
      githubAppInstallationID: "2",
      githubAppPrivateKey: key,
    });
    const { inputs, secretInputs } = find(recorded, "kubernetes:core/v1:Secret", "credentials-app");
    const { labels } = inputs["metadata"] as { labels: Record<string, string> };
    assert.equal(labels["argocd.argoproj.io/secret-type"], "repo-creds");
    assert.ok(secretInputs.some((path) => path.startsWith("stringData")));
  });

  describe("with previews of pull requests", () => {
    const namespaces = ["preview-dev-0", "preview-dev-1", "preview-dev-2"];
    let recorded: Registered[];

    before(async () => {
      const argocd = { domain: "argocd.dev.example.com", pullRequestPreviews: {} };
      recorded = await record(bootstrap, {
        config: {
          ...devConfig(),
          argocd,
          secrets: { ...secrets, argocd: { pullRequestToken: "canary-github-token" } },
        },
      });
    });

    it("fences them in a project that reaches their namespaces and nothing else", () => {
      const { spec } = find(recorded, "kubernetes:argoproj.io/v1alpha1:AppProject", "previews-project")
        .inputs as {
        spec: { destinations: { namespace: string }[]; sourceRepos: string[] };
      };
      assert.deepEqual(
        spec.destinations.map(({ namespace }) => namespace),
        namespaces,
      );
      assert.deepEqual(spec.sourceRepos, ["https://github.com/organization/platform"]);
    });

    it("lets Argo CD write in each of them what services may contain, and read no other", () => {
      for (const namespace of namespaces) {
        const role = find(
          recorded,
          "kubernetes:rbac.authorization.k8s.io/v1:Role",
          `previews-${namespace}-deployer-role`,
        );
        assert.deepEqual(role.inputs["rules"], hubDeployerRules);
      }
      const { inputs } = find(recorded, "kubernetes:core/v1:Secret", "dev");
      const data = inputs["data"] as Record<string, string>;
      const decoded = Buffer.from(data["namespaces"]!, "base64").toString("utf8");
      assert.equal(decoded, ["argocd", "platform-dev", ...namespaces].join(","));
    });

    it("gives the token to no other code host, and to no other Secret's reader", () => {
      const { inputs, secretInputs } = find(recorded, "kubernetes:core/v1:Secret", "previews-token");
      assert.equal(
        (inputs["metadata"] as { labels: Record<string, string> }).labels["argocd.argoproj.io/secret-type"],
        "scm-creds",
      );
      assert.ok(secretInputs.some((path) => path.startsWith("stringData")));
      const { values } = find(recorded, "kubernetes:helm.sh/v4:Chart", "argocd").inputs as {
        values: { configs: { params: Record<string, string> } };
      };
      assert.equal(
        values.configs.params["applicationsetcontroller.allowed.scm.providers"],
        "https://api.github.com",
      );
    });

    it("asks no code host where they are off", () => {
      const { values } = find(dev, "kubernetes:helm.sh/v4:Chart", "argocd").inputs as {
        values: { configs: { params: Record<string, string> } };
      };
      assert.equal(values.configs.params["applicationsetcontroller.enable.scm.providers"], "false");
      assert.ok(!dev.some(({ name }) => name.startsWith("previews")));
    });
  });

  it("refuses a bad configuration before the first resource", async () => {
    let registered: Registered[] | undefined;
    await assert.rejects(async () => {
      registered = await record(bootstrap, { config: { ...devConfig(), git: { url: "nowhere" } } });
    }, /git.url: "nowhere" is not a git address/);
    assert.equal(registered, undefined);
  });

  it("keeps the workloads of a cluster that is about to leave dev", async () => {
    const leaving = await record(bootstrap, {
      config: {
        ...devConfig(),
        spokes: [{ ...spoke("eu"), unregister: true }],
        secrets: { ...secrets, kubeconfigs: { eu: kubeconfig } },
      },
    });
    const { spec } = find(leaving, "kubernetes:argoproj.io/v1alpha1:ApplicationSet", "services").inputs as {
      spec: { syncPolicy: unknown };
    };
    assert.deepEqual(spec.syncPolicy, {
      applicationsSync: "create-update",
      preserveResourcesOnDeletion: true,
    });
    assert.ok(find(leaving, "kubernetes:core/v1:Namespace", "eu-services").retainOnDelete);
  });
});
