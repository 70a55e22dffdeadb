import assert from "node:assert/strict";
import { renderPolicyCsv } from "../../../components/argo-cd/rbac";
import { renderArgoCdValues, type ArgoCdValuesArgs } from "../../../components/argo-cd/values";

const args: ArgoCdValuesArgs = {
  domain: "argocd.example.com",
  highAvailability: false,
  exposure: { kind: "none" },
  access: { admins: ["platform-admins"], projectAdmins: [], developers: ["platform-developers"] },
  git: { url: "https://git.example.com/organization/platform" },
  webhook: false,
  keepCrds: false,
  progressiveRollout: false,
};

const sso = {
  kind: "oidc",
  name: "Company",
  issuer: "https://id.example.com",
  clientId: "argocd",
  scopes: ["openid"],
} as const;

describe("the values of Argo CD", () => {
  it("grant no right outside the namespaces that are granted by name", () => {
    assert.equal(renderArgoCdValues(args).createClusterRoles, false);
  });

  it("keep the local admin only while nobody else could log in", () => {
    assert.equal(renderArgoCdValues(args).configs.cm["admin.enabled"], "true");
    assert.equal(renderArgoCdValues({ ...args, sso }).configs.cm["admin.enabled"], "false");
  });

  it("refer to the secret of single sign-on and never contain it", () => {
    const cm = renderArgoCdValues({ ...args, sso }).configs.cm as Record<string, string>;
    const config = JSON.parse(cm["oidc.config"]!) as Record<string, string>;
    assert.equal(config["clientSecret"], "$argocd-sso:clientSecret");
  });

  it("run Dex only for GitHub, which speaks no OpenID Connect, and let in the one organization", () => {
    assert.deepEqual(renderArgoCdValues({ ...args, sso }).dex, { enabled: false });
    const github = { kind: "github", organization: "company", clientId: "id" } as const;
    const { dex, configs } = renderArgoCdValues({ ...args, sso: github });
    assert.ok(!("enabled" in dex));
    const { connectors } = JSON.parse((configs.cm as Record<string, string>)["dex.config"]!) as {
      connectors: { config: { orgs: object[]; clientSecret: string } }[];
    };
    assert.deepEqual(connectors[0]!.config.orgs, [{ name: "company" }]);
    assert.equal(connectors[0]!.config.clientSecret, "$argocd-sso:clientSecret");
    assert.equal(configs.cm["admin.enabled"], "false");
  });

  it("give Argo CD's three accounts the identity that the clouds of its clusters know", () => {
    const cloudIdentity = { kind: "aws", roleArn: "arn:aws:iam::111122223333:role/argocd" } as const;
    const { controller, server, applicationSet } = renderArgoCdValues({ ...args, cloudIdentity });
    for (const { serviceAccount } of [controller, server, applicationSet] as {
      serviceAccount?: { annotations: Record<string, string> };
    }[]) {
      assert.equal(serviceAccount?.annotations["eks.amazonaws.com/role-arn"], cloudIdentity.roleArn);
    }
  });

  it("believe the webhook of no git host without the secret, whichever it pretends to be", () => {
    const { configs } = renderArgoCdValues({ ...args, webhook: true }) as {
      configs: { secret: { extra: Record<string, string> } };
    };
    const hosts = Object.keys(configs.secret.extra).map((key) => key.split(".")[1]);
    assert.deepEqual(
      [...new Set(hosts)],
      ["azuredevops", "bitbucket", "bitbucketserver", "github", "gitlab", "gogs"],
    );
    assert.deepEqual([...new Set(Object.values(configs.secret.extra))], ["$argocd-webhook:secret"]);
  });

  it("end TLS in Argo CD unless something in front of it does", () => {
    assert.equal(renderArgoCdValues(args).configs.params["server.insecure"], "false");
    const exposed = renderArgoCdValues({ ...args, exposure: { kind: "ingress", className: "traefik" } });
    assert.equal(exposed.configs.params["server.insecure"], "true");
  });

  it("trust a private git server under its host name, without the port", () => {
    const { configs } = renderArgoCdValues({
      ...args,
      git: { url: "https://git.example.com:8443/o/p", caCertificate: "PEM" },
    });
    assert.deepEqual(configs.tls, { certificates: { "git.example.com": "PEM" } });
  });

  it("run everything that serves twice when high availability is asked for", () => {
    const values = renderArgoCdValues({ ...args, highAvailability: true });
    for (const part of [values.controller, values.server, values.repoServer, values.applicationSet]) {
      assert.equal((part as { replicas?: number }).replicas, 2);
    }
    assert.ok("redis-ha" in values && !("redis" in values));
  });

  it("let Argo CD reach the replicated Redis, which its default denies to everybody", () => {
    const values = renderArgoCdValues({ ...args, highAvailability: true }) as {
      "redis-ha": Record<string, unknown>;
    };
    assert.deepEqual(values["redis-ha"]["networkPolicy"], { enabled: true });
  });

  it("are the same text for the same stack, so that a second update changes nothing", () => {
    assert.equal(
      JSON.stringify(renderArgoCdValues({ ...args, sso })),
      JSON.stringify(renderArgoCdValues({ ...args, sso })),
    );
  });

  it("send every notification once per revision, and subscribe the channel", () => {
    const { notifications } = renderArgoCdValues({ ...args, slackChannel: "deployments" }) as {
      notifications: {
        triggers: Record<string, string>;
        subscriptions: { recipients: string[]; triggers: string[] }[];
      };
    };
    for (const trigger of Object.values(notifications.triggers)) {
      for (const rule of JSON.parse(trigger) as { oncePer?: string }[]) assert.ok(rule.oncePer);
    }
    assert.deepEqual(notifications.subscriptions[0]!.recipients, ["slack:deployments"]);
    assert.deepEqual(
      notifications.subscriptions[0]!.triggers.map((name) => `trigger.${name}`).sort(),
      Object.keys(notifications.triggers).sort(),
    );
  });
});

describe("the access policy", () => {
  const policy = renderPolicyCsv(["platform-admins"]).split("\n");

  it("lets nobody open a shell in a pod or override what git says", () => {
    assert.ok(!policy.some((line) => /, (exec|override),/.test(line)));
  });

  it("binds the administrators and nobody else", () => {
    assert.deepEqual(
      policy.filter((line) => line.startsWith("g,")),
      ['g, "platform-admins", role:platform-admin'],
    );
  });

  it("grants single actions, never all of them", () => {
    for (const line of policy.filter((entry) => entry.startsWith("p,"))) {
      assert.notEqual(line.split(", ")[3], "*", line);
    }
  });
});
