import assert from "node:assert/strict";
import { findManifest, signatureTag } from "../../cli/registry";
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

  it("names the tag of a cosign signature", () => {
    assert.equal(signatureTag({ name: "n", tag: "t", digest: "sha256:abc" }), "sha256-abc.sig");
  });
});
