import assert from "node:assert/strict";
import { findManifest, hasSignature } from "../../cli/registry";
import { sendJson, TestServer } from "./support/server";

describe("asking a registry", () => {
  async function ask(handler: Parameters<typeof TestServer.start>[0], credentials?: string) {
    const server = await TestServer.start(handler);
    const name = `${server.address.replace("http://", "")}/platform/bff`;
    try {
      return { answer: await findManifest(name, "1.0.0", credentials), server };
    } finally {
      await server.stop();
    }
  }

  it("gives the digest that a tag names", async () => {
    const { answer, server } = await ask((_, response) =>
      response.writeHead(200, { "docker-content-digest": "sha256:1" }).end(),
    );
    assert.deepEqual(answer, { digest: "sha256:1" });
    assert.equal(server.requests[0]!.url.pathname, "/v2/platform/bff/manifests/1.0.0");
    assert.equal(server.requests[0]!.method, "HEAD");
  });

  it("says absent for HTTP 404 only", async () => {
    assert.equal((await ask((_, response) => response.writeHead(404).end())).answer, "absent");
  });

  for (const status of [403, 429, 500]) {
    it(`throws on HTTP ${status}: that is no answer`, async () => {
      await assert.rejects(
        ask((_, response) => response.writeHead(status).end()),
        new RegExp(`HTTP ${status}`),
      );
    });
  }

  it("throws where the registry names no digest", async () => {
    await assert.rejects(ask((_, response) => response.writeHead(200).end()));
  });

  it("fetches a token where the registry demands one", async () => {
    const { answer } = await ask(({ url, headers }, response) => {
      if (url.pathname === "/token")
        return sendJson(response, 200, { token: `for ${url.searchParams.get("scope")}` });
      if (headers.authorization === "Bearer for repository:platform/bff:pull") {
        response.writeHead(200, { "docker-content-digest": "sha256:2" }).end();
        return;
      }
      const realm = `http://${headers.host}/token`;
      response
        .writeHead(401, {
          "www-authenticate": `Bearer realm="${realm}",service="r",scope="repository:platform/bff:pull"`,
        })
        .end();
    });
    assert.deepEqual(answer, { digest: "sha256:2" });
  });
});

describe("looking for a signature", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const tag = `sha256-${"a".repeat(64)}`;
  const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
  type Answers = Record<string, { status?: number; types?: string[] }>;

  /** A registry that has what is named by path, and nothing else. */
  async function look(answers: Answers): Promise<boolean> {
    const server = await TestServer.start(({ url }, response) => {
      const answer = answers[url.pathname.replace("/v2/platform/bff/", "")];
      if (!answer) return response.writeHead(404).end();
      if (answer.status) return response.writeHead(answer.status).end();
      response.setHeader("docker-content-digest", digest);
      sendJson(response, 200, { manifests: (answer.types ?? []).map((artifactType) => ({ artifactType })) });
    });
    try {
      return await hasSignature(`${server.address.replace("http://", "")}/platform/bff`, digest, undefined);
    } finally {
      await server.stop();
    }
  }

  const found: [string, Answers][] = [
    ["the tag of cosign 2", { [`manifests/${tag}.sig`]: {} }],
    ["a bundle of cosign 3 that refers to the image", { [`referrers/${digest}`]: { types: [bundle] } }],
    [
      "a bundle under the tag of a registry without references",
      { [`manifests/${tag}`]: { types: [bundle] } },
    ],
    [
      "a bundle beside something else",
      { [`referrers/${digest}`]: { types: ["application/spdx+json", bundle] } },
    ],
  ];
  for (const [what, answers] of found) {
    it(`finds ${what}`, async () => assert.equal(await look(answers), true));
  }

  it("takes a bill of materials for none", async () => {
    assert.equal(await look({ [`referrers/${digest}`]: { types: ["application/spdx+json"] } }), false);
  });

  it("finds none where there is nothing", async () => assert.equal(await look({}), false));

  it("throws where the registry gives no clear answer", async () => {
    await assert.rejects(look({ [`referrers/${digest}`]: { status: 500 } }), /HTTP 500/);
    await assert.rejects(look({ [`manifests/${tag}.sig`]: { status: 403 } }), /HTTP 403/);
  });
});
