import assert from "node:assert/strict";
import { jsonOf, send } from "../../../cli/doctor/https";
import { newMemory, reconcile } from "../../../sandbox/vault/reconcile";
import { ApiServer } from "../../cli/doctor/api-server";
import { startVault, type VaultServer } from "./vault-server";

const account = "/api/v1/namespaces/platform-dev/serviceaccounts/vault";

describe("the stand-in for Vault", () => {
  let api: ApiServer;
  let vault: VaultServer;
  let clock: number;

  beforeEach(async () => {
    clock = Date.now();
    api = await ApiServer.start();
    api.put(account, {});
    vault = await startVault(api, undefined, () => clock);
  });
  afterEach(() => Promise.all([api.stop(), vault.stop()]));

  const call = async (path: string, method: string, body?: object, token?: string) => {
    const headers = token === undefined ? {} : { "x-vault-token": token };
    const answer = await send(
      `${vault.address}/v1/${path}`,
      { method, headers, ca: vault.caCertificate },
      body,
    );
    return { status: answer.status, body: jsonOf(answer) as Record<string, unknown> | undefined };
  };
  const requestToken = async (audience: string, path = account): Promise<string> => {
    const answer = await api.cluster("dev").api.create(`${path}/token`, { spec: { audiences: [audience] } });
    return (answer!["status"] as { token: string }).token;
  };
  const login = (jwt: string, role = "platform-dev", mount = "kubernetes/dev") =>
    call(`auth/${mount}/login`, "POST", { role, jwt });
  const tokenOf = ({ body }: { body: Record<string, unknown> | undefined }) =>
    (body!["auth"] as { client_token: string }).client_token;
  const errors = ({ status, body }: { status: number; body: Record<string, unknown> | undefined }) =>
    `${status} ${String(body?.["errors"])}`;

  it("lets in the account of the role with the right audience, and reads its environment's keys", async () => {
    const token = tokenOf(await login(await requestToken("vault")));
    const { body } = await call("secret/data/platform/dev/bff", "GET", undefined, token);
    assert.deepEqual((body!["data"] as { data: unknown }).data, { "session-key": "canary-value" });
  });

  it("says of a token what the real controller asks before it uses one, and of no token that nobody has", async () => {
    const token = tokenOf(await login(await requestToken("vault")));
    const { body } = await call("auth/token/lookup-self", "GET", undefined, token);
    const { type, ttl, policies } = body!["data"] as Record<string, unknown>;
    assert.equal(type, "service");
    assert.ok(Number(ttl) > 0);
    assert.deepEqual(policies, ["default", "platform-dev"]);
    assert.equal((await call("auth/token/lookup-self", "GET", undefined, "hvs.forged")).status, 403);
  });

  it("reads no key of another environment, and none without a token", async () => {
    const token = tokenOf(await login(await requestToken("vault")));
    assert.equal((await call("secret/data/platform/production/bff", "GET", undefined, token)).status, 403);
    assert.equal((await call("secret/data/platform/dev/bff", "GET")).status, 403);
    assert.equal((await call("secret/data/platform/dev/nothing", "GET", undefined, token)).status, 404);
  });

  it("refuses a token for another audience", async () => {
    assert.match(
      errors(await login(await requestToken("https://kubernetes.default.svc"))),
      /^403 .*audience/,
    );
  });

  it("refuses another account and another namespace", async () => {
    api.put("/api/v1/namespaces/platform-dev/serviceaccounts/default", {});
    api.put("/api/v1/namespaces/elsewhere/serviceaccounts/vault", {});
    const other = await requestToken("vault", "/api/v1/namespaces/platform-dev/serviceaccounts/default");
    const elsewhere = await requestToken("vault", "/api/v1/namespaces/elsewhere/serviceaccounts/vault");
    assert.match(errors(await login(other)), /^403 service account name not authorized/);
    assert.match(errors(await login(elsewhere)), /^403 namespace not authorized/);
  });

  it("refuses a token that the API server did not issue, however right its claims", async () => {
    const [head, claims] = (await requestToken("vault")).split(".");
    assert.match(errors(await login(`${head}.${claims}.forged`)), /^403 permission denied/);
  });

  it("answers for a missing token, role and mount as Vault does", async () => {
    assert.match(errors(await login("")), /^400 missing jwt/);
    assert.match(errors(await login("x", "platform-prod")), /^400 invalid role name "platform-prod"/);
    assert.match(errors(await login("x", "platform-dev", "kubernetes/eu")), /^403 permission denied/);
  });

  it("forgets a token when its time is over or it is revoked", async () => {
    const first = tokenOf(await login(await requestToken("vault")));
    const second = tokenOf(await login(await requestToken("vault")));
    assert.equal((await call("auth/token/revoke-self", "POST", {}, first)).status, 204);
    assert.equal((await call("secret/data/platform/dev/bff", "GET", undefined, first)).status, 403);
    assert.equal((await call("secret/data/platform/dev/bff", "GET", undefined, second)).status, 200);
    clock += 3_601_000;
    assert.equal((await call("secret/data/platform/dev/bff", "GET", undefined, second)).status, 403);
  });

  describe("and for the External Secrets controller", () => {
    const base = "/apis/external-secrets.io/v1/namespaces/platform-dev";
    const meta = (name: string) => ({ name, namespace: "platform-dev", uid: `uid-${name}`, generation: 1 });
    const store = (role = "platform-dev") => ({
      metadata: meta("vault"),
      spec: {
        provider: {
          vault: {
            server: vault.address,
            path: "secret",
            version: "v2",
            caBundle: Buffer.from(vault.caCertificate).toString("base64"),
            auth: {
              kubernetes: {
                mountPath: "kubernetes/dev",
                role,
                serviceAccountRef: { name: "vault", audiences: ["vault"] },
              },
            },
          },
        },
      },
    });
    const externalSecret = (property: string) => ({
      metadata: meta("bff"),
      spec: {
        secretStoreRef: { name: "vault", kind: "SecretStore" },
        target: { name: "bff", creationPolicy: "Owner" },
        data: [{ secretKey: "session-key", remoteRef: { key: "platform/dev/bff", property } }],
      },
    });
    const ready = (path: string) => {
      const { conditions } = api.objects.get(path)!["status"] as { conditions: Record<string, string>[] };
      return `${conditions[0]!["status"]} ${conditions[0]!["reason"]}`;
    };
    const secretPath = "/api/v1/namespaces/platform-dev/secrets/bff";

    it("fills the Secret, says so, and then leaves both alone", async () => {
      api.put(`${base}/secretstores/vault`, store());
      api.put(`${base}/externalsecrets/bff`, externalSecret("session-key"));
      const memory = newMemory();
      await reconcile(api.cluster("dev").api, memory, new Date(clock));
      assert.equal(ready(`${base}/secretstores/vault`), "True Valid");
      assert.equal(ready(`${base}/externalsecrets/bff`), "True SecretSynced");
      const { data, metadata } = api.objects.get(secretPath) as {
        data: Record<string, string>;
        metadata: { ownerReferences: { uid: string }[] };
      };
      assert.equal(Buffer.from(data["session-key"]!, "base64").toString(), "canary-value");
      assert.equal(metadata.ownerReferences[0]!.uid, "uid-bff");

      api.requests.length = 0;
      await reconcile(api.cluster("dev").api, memory, new Date(clock + 1000));
      assert.deepEqual(
        api.requests.filter(({ method }) => method !== "GET"),
        [],
      );
    });

    it("makes a Secret that somebody deleted again", async () => {
      api.put(`${base}/secretstores/vault`, store());
      api.put(`${base}/externalsecrets/bff`, externalSecret("session-key"));
      const memory = newMemory();
      await reconcile(api.cluster("dev").api, memory, new Date(clock));
      api.objects.delete(secretPath);
      await reconcile(api.cluster("dev").api, memory, new Date(clock + 1000));
      assert.ok(api.objects.has(secretPath));
    });

    it("reports a store that cannot log in and what depends on it, and writes no Secret", async () => {
      api.put(`${base}/secretstores/vault`, store("platform-production"));
      api.put(`${base}/externalsecrets/bff`, externalSecret("session-key"));
      await reconcile(api.cluster("dev").api, newMemory(), new Date(clock));
      assert.equal(ready(`${base}/secretstores/vault`), "False InvalidProviderConfig");
      assert.equal(ready(`${base}/externalsecrets/bff`), "False SecretSyncedError");
      assert.equal(api.objects.has(secretPath), false);
    });

    it("reports a property that Vault does not hold", async () => {
      api.put(`${base}/secretstores/vault`, store());
      api.put(`${base}/externalsecrets/bff`, externalSecret("absent"));
      await reconcile(api.cluster("dev").api, newMemory(), new Date(clock));
      assert.equal(ready(`${base}/externalsecrets/bff`), "False SecretSyncedError");
    });

    it("never takes over a Secret of somebody else", async () => {
      api.put(secretPath, { metadata: { name: "bff" }, data: {} });
      api.put(`${base}/secretstores/vault`, store());
      api.put(`${base}/externalsecrets/bff`, externalSecret("session-key"));
      await reconcile(api.cluster("dev").api, newMemory(), new Date(clock));
      assert.equal(ready(`${base}/externalsecrets/bff`), "False SecretSyncedError");
      assert.deepEqual(api.objects.get(secretPath)!["data"], {});
    });
  });
});
