import assert from "node:assert/strict";
import { renderPolicyCsv } from "../../../components/argo-cd/rbac";
import { renderArgoCdValues, type ArgoCdValuesArgs } from "../../../components/argo-cd/values";

const args: ArgoCdValuesArgs = {
  domain: "argocd.example.com",
  highAvailability: false,
  exposure: { kind: "none" },
  access: { admins: ["platform-admins"], developers: ["platform-developers"] },
  git: { url: "https://git.example.com/organization/platform" },
  webhook: false,
  metrics: false,
  keepCrds: false,
  progressiveRollout: false,
};

const sso = { name: "Company", issuer: "https://id.example.com", clientId: "argocd", scopes: ["openid"] };

describe("the values of Argo CD", () => {
  it("grant no right outside the namespaces that are granted by name", () => {
    assert.equal(renderArgoCdValues(args).createClusterRoles, false);
  });

  it("keep the local admin only while nobody else could log in", () => {
    assert.equal(renderArgoCdValues(args).configs.cm["admin.enabled"], "true");
    assert.equal(renderArgoCdValues({ ...args, sso }).configs.cm["admin.enabled"], "false");
  });

  it("refer to the secret of single sign-on and never contain it", () => {
    const config = JSON.parse(renderArgoCdValues({ ...args, sso }).configs.cm["oidc.config"]!) as Record<
      string,
      string
    >;
    assert.equal(config["clientSecret"], "$argocd-sso:clientSecret");
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
  const policy = renderPolicyCsv(args.access).split("\n");

  it("lets nobody open a shell in a pod or override what git says", () => {
    assert.ok(!policy.some((line) => /, (exec|override),/.test(line)));
  });

  it("binds every group that the stack names and no other", () => {
    assert.deepEqual(
      policy.filter((line) => line.startsWith("g,")),
      ['g, "platform-admins", role:platform-admin', 'g, "platform-developers", proj:platform:developer'],
    );
  });

  it("grants single actions, never all of them", () => {
    for (const line of policy.filter((entry) => entry.startsWith("p,"))) {
      assert.notEqual(line.split(", ")[3], "*", line);
    }
  });
});
