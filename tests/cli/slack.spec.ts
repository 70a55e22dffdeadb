import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { notify } from "../../cli/slack";
import { TestServer } from "./support/server";

async function tell(
  respond: (response: ServerResponse) => void,
  text = "done",
): Promise<{ warnings: string[]; server: TestServer }> {
  const warnings: string[] = [];
  const server = await TestServer.start((_, response) => respond(response));
  await notify(text, `${server.address}/services/SECRET`, (message) => warnings.push(message));
  await server.stop();
  return { warnings, server };
}

describe("telling Slack", () => {
  it("sends the text once and says nothing about it", async () => {
    const { warnings, server } = await tell((response) => response.writeHead(200).end("ok"));
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      server.requests.map(({ body }) => JSON.parse(body)),
      [{ text: "done" }],
    );
  });

  it("escapes what Slack would read as a mention or link", async () => {
    const { server } = await tell((response) => response.writeHead(200).end(), "<!channel> & more");
    assert.deepEqual(JSON.parse(server.requests[0]!.body), { text: "&lt;!channel&gt; &amp; more" });
  });

  const faults: [string, (response: ServerResponse) => void, number][] = [
    ["HTTP 404", (response) => response.writeHead(404).end("no_team"), 1],
    ["HTTP 500, asked a bounded number of times", (response) => response.writeHead(500).end(), 3],
    ["HTTP 429, asked a bounded number of times", (response) => response.writeHead(429).end(), 3],
    ["a redirect", (response) => response.writeHead(302, { location: "http://127.0.0.1/" }).end(), 3],
    ["a connection that is cut", (response) => response.destroy(), 3],
  ];
  for (const [what, respond, times] of faults) {
    it(`warns without the address on ${what}`, async () => {
      const { warnings, server } = await tell(respond);
      assert.equal(warnings.length, 1);
      assert.doesNotMatch(warnings[0]!, /SECRET|127\.0\.0\.1|http:/);
      assert.equal(server.requests.length, times);
    });
  }

  it("warns without the address where no answer comes in time, asked a bounded number of times", async () => {
    const warnings: string[] = [];
    const server = await TestServer.start(() => {});
    await notify("done", `${server.address}/services/SECRET`, (message) => warnings.push(message), 50);
    await server.stop();
    assert.deepEqual(warnings, ["Slack was not told: no answer in time"]);
    assert.equal(server.requests.length, 3);
  });

  it("warns without the address where it is no URL", async () => {
    const warnings: string[] = [];
    await notify("done", "SECRET", (message) => warnings.push(message));
    assert.match(warnings.join(), /is not a URL/);
    assert.doesNotMatch(warnings.join(), /SECRET/);
  });

  it("does nothing where no address is set", async () => {
    const warnings: string[] = [];
    await notify("done", undefined, (message) => warnings.push(message));
    assert.deepEqual(warnings, []);
  });
});
