import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { imagePath } from "../../../cli/promotion/overlay";
import { root } from "../../infrastructure/delivered";
import { digestOf, git } from "../support/repository";
import { sendJson, TestServer, type ReceivedRequest } from "../support/server";
import { World } from "../support/world";

const tags = { dev: { bff: "2.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };
const toStaging = ["promote", "--to", "staging", "--yes"];

type Respond = (response: ServerResponse, request: ReceivedRequest) => unknown;

function vector(...samples: [number, string][]) {
  const result = samples.map((value) => ({ metric: {}, value }));
  return { status: "success", data: { resultType: "vector", result } };
}

const now = () => Date.now() / 1000;
const page = (response: ServerResponse) =>
  response.writeHead(200, { "content-type": "text/html" }).end("<html>Login</html>");
const redirect = (response: ServerResponse) =>
  response.writeHead(302, { location: "http://login.example.com/" }).end();

/** Whatever a service that is asked answers, a promotion that needs the answer writes nothing. */
describe("a gate that gets no good answer", () => {
  let world: World;
  let server: TestServer;
  let respond: Respond;
  before(async () => {
    server = await TestServer.start((request, response) => respond(response, request));
    const metrics = [
      `address: "${server.address}"`,
      "timeout: 1",
      "traffic: { query: t, minimum: 1 }",
      "errorRatio: { query: e, maximum: 0.01 }",
    ].join(", ");
    const url = `${server.address}/health/{{environment}}/{{service}}`;
    world = await World.create({
      tags,
      gates: {
        staging: `{ policy: false, metrics: { ${metrics} } }`,
        production: `{ policy: false, endpoint: { url: "${url}" } }`,
      },
    });
    world.runEverything(tags);
    world.repository.setImage("staging", "bff", "1.5.0");
    world.run("staging", "bff", "1.5.0");
  });
  after(async () => {
    await server.stop();
    await world.remove();
  });

  async function refusedBy(gate: string, argv: readonly string[], reason: RegExp): Promise<void> {
    const head = world.repository.head();
    const { code, stdout, stderr } = await world.platform(argv);
    assert.equal(code, 1, stdout + stderr);
    const line = stdout.split("\n").find((text) => text.includes(`REFUSED ${gate} bff: `));
    assert.match(line ?? stdout, reason);
    assert.equal(world.repository.head(), head);
  }

  const figures: [string, Respond, RegExp][] = [
    ["HTTP 404", (response) => sendJson(response, 404, {}), /HTTP 404/],
    ["HTTP 500 with figures", (response) => sendJson(response, 500, vector([now(), "5"])), /HTTP 500/],
    ["a login page", page, /not JSON/],
    ["a redirect to plain http", redirect, /HTTP 302/],
    ["no answer in time", () => {}, /no answer from .* within 1 s/],
    ["a cut connection", (response) => response.destroy(), /error ratio: /],
    ["an error", (response) => sendJson(response, 200, { status: "error", error: "bad" }), /is error: bad/],
    [
      "a warning",
      (response) => sendJson(response, 200, { ...vector([now(), "5"]), warnings: ["partial"] }),
      /partial/,
    ],
    ["an empty result", (response) => sendJson(response, 200, vector()), /no data/],
    [
      "two series",
      (response) => sendJson(response, 200, vector([now(), "5"], [now(), "5"])),
      /2 series instead of one/,
    ],
    ["the text NaN", (response) => sendJson(response, 200, vector([now(), "NaN"])), /the value is NaN/],
    ["infinity", (response) => sendJson(response, 200, vector([now(), "+Inf"])), /the value is \+Inf/],
    ["a negative figure", (response) => sendJson(response, 200, vector([now(), "-1"])), /is negative/],
    [
      "a ratio above one",
      (response) => sendJson(response, 200, vector([now(), "5"])),
      /above 1, so the query is no ratio/,
    ],
    ["a stale sample", (response) => sendJson(response, 200, vector([now() - 500, "0"])), /s old/],
    [
      "a clock that is ahead",
      (response) => sendJson(response, 200, vector([now() + 500, "0"])),
      /in the future; check the clocks/,
    ],
    [
      "too little traffic",
      (response) => sendJson(response, 200, vector([now(), "0"])),
      /traffic 0\.00 requests\/s of at least 1/,
    ],
  ];
  for (const [what, answer, reason] of figures) {
    it(`refuses when Prometheus gives ${what}`, async () => {
      respond = answer;
      await refusedBy("metrics", toStaging, reason);
    });
  }

  const healths: [string, Respond, RegExp][] = [
    [
      "degraded in an answer that is 200",
      (response) => sendJson(response, 200, { status: "degraded" }),
      /degraded/,
    ],
    ["no JSON", page, /not JSON/],
    ["JSON without a status", (response) => sendJson(response, 200, { ok: true }), /status is undefined/],
    ["HTTP 503", (response) => sendJson(response, 503, { status: "healthy" }), /HTTP 503/],
    ["a redirect", redirect, /HTTP 302/],
    ["a cut connection", (response) => response.destroy(), /cannot be answered/],
  ];
  for (const [what, answer, reason] of healths) {
    it(`refuses when the health address says ${what}`, async () => {
      respond = answer;
      await refusedBy("endpoint", ["promote", "--to", "production", "--yes"], reason);
    });
  }

  it("passes where the health address says what is expected, and asks it of the source", async () => {
    respond = (response, { url }) =>
      sendJson(response, 200, { status: url.pathname === "/health/staging/bff" ? "healthy" : "wrong" });
    const { code, stdout } = await world.platform(["promote", "--to", "production", "--dry-run"]);
    assert.equal(code, 0, stdout);
  });
});

describe("a rollback to an image that the registry lost", () => {
  it("is refused, whatever is on record", async () => {
    const registry = await TestServer.start((_, response) => response.writeHead(404).end());
    const name = `${registry.address.replace("http://", "")}/platform/bff`;
    const world = await World.create({
      tags,
      gates: { staging: "{ policy: false, image: { registry: true } }" },
    });
    try {
      const stated = (tag: string, digest: string) =>
        `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata:\n  name: image\nimageTag:\n  name: ${name}\n  newTag: "${tag}"\n  digest: ${digest}\n`;
      const path = "infrastructure/k8s/overlays/staging/bff/image.yaml";
      world.repository.write(path, stated("1.0.0", digestOf("a")));
      const old = world.repository.commit("Old");
      git(world.repository.remote, "update-ref", `refs/platform/healthy/staging/bff/${old}`, old);
      world.repository.write(path, stated("2.0.0", digestOf("b")));
      const head = world.repository.commit("New");
      const argv = ["rollback", "--service", "bff", "--environment", "staging", "--yes"];
      const { code, stdout } = await world.platform(argv);
      assert.equal(code, 1);
      assert.match(stdout, /REFUSED image bff: 1\.0\.0@a+ is gone from the registry/);
      assert.equal(world.repository.head(), head);
    } finally {
      await registry.stop();
      await world.remove();
    }
  });
});

describe("a rollback to an image that today's policy refuses", () => {
  it("is refused with the rule, also where it was once healthy", async () => {
    const world = await World.create({ tags, gates: { production: "{}" } });
    try {
      const path = imagePath("production", "bff");
      const services = "infrastructure/k8s";
      cpSync(join(root, services), join(world.repository.clone, services), { recursive: true });
      const present = world.repository.read(path);
      world.repository.write(
        path,
        present.replace(/newTag: .*/, 'newTag: "stable"').replace(/ +digest: .*\n/, ""),
      );
      const old = world.repository.commit("Old");
      git(world.repository.remote, "update-ref", `refs/platform/healthy/production/bff/${old}`, old);
      world.repository.write(path, present);
      const head = world.repository.commit("New");
      const argv = ["rollback", "--service", "bff", "--environment", "production", "--to", "stable", "--yes"];
      const { code, stdout, stderr } = await world.platform(argv);
      assert.equal(code, 1, stderr);
      assert.match(stdout, /REFUSED policy .*: C2\/digest: .* the tag stable, which its publisher moves/);
      assert.equal(world.repository.head(), head);
    } finally {
      await world.remove();
    }
  });
});

describe("what promotions never depend on", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.create({ tags });
    world.runEverything(tags);
  });
  afterEach(() => world.remove());

  const webhooks: [string, Respond][] = [
    ["HTTP 404", (response) => response.writeHead(404).end("no_team")],
    ["HTTP 500", (response) => response.writeHead(500).end()],
    ["a cut connection", (response) => response.destroy()],
  ];
  for (const [what, answer] of webhooks) {
    it(`is Slack, which says ${what}: exit code and commit stay, and its address is not printed`, async () => {
      const slack = await TestServer.start((_, response) => answer(response, undefined as never));
      const env = { SLACK_WEBHOOK_URL: `${slack.address}/services/SECRET` };
      const { code, stdout, stderr } = await world.platform(toStaging, env);
      await slack.stop();
      assert.equal(code, 0);
      assert.ok(slack.requests.length > 0);
      assert.match(stderr, /^Slack was not told: /m);
      assert.doesNotMatch(stdout + stderr, /SECRET/);
      assert.equal(world.repository.tag("staging", "bff"), "2.0.0");
    });
  }

  it("is a remote that refuses a login: it stops with the reason and without the password", async () => {
    const remote = await TestServer.start((_, response) => response.writeHead(403).end());
    const address = remote.address.replace("://", "://ada:hunter2@");
    git(world.repository.clone, "remote", "set-url", "origin", `${address}/platform.git`);
    const { code, stdout, stderr } = await world.platform(toStaging);
    await remote.stop();
    assert.equal(code, 2);
    assert.match(stderr, /git fetch failed: .*403/s);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
    assert.equal(git(world.repository.clone, "status", "--porcelain"), "");
  });
});
