import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { judgeMetrics } from "../../cli/gates/metrics";
import { query, type Answer } from "../../cli/prometheus";
import { sendJson, TestServer } from "./support/server";

const now = new Date("2026-08-01T12:00:00Z");
const seconds = now.getTime() / 1000;

function vector(...values: [time: number, value: unknown][]) {
  return {
    status: "success",
    data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value })) },
  };
}

async function ask(respond: (response: ServerResponse) => void, timeout = 5): Promise<Answer> {
  const server = await TestServer.start((_, response) => respond(response));
  try {
    return await query({ address: server.address, timeout, maximumAge: 120 }, "up", () => now);
  } finally {
    await server.stop();
  }
}

describe("asking Prometheus", () => {
  it("gives the one number of a good answer, with its age", async () => {
    const answer = await ask((response) => sendJson(response, 200, vector([seconds - 30, "0.004"])));
    assert.deepEqual(answer, { sample: { value: 0.004, age: 30 } });
  });

  it("sends the expression whole, with braces and brackets", async () => {
    const server = await TestServer.start((_, response) => sendJson(response, 200, vector([seconds, "1"])));
    const expression = 'sum(rate(x{a=~"5.."}[5m]))';
    await query(
      { address: `${server.address}/base/`, timeout: 5, maximumAge: 120, token: "t" },
      expression,
      () => now,
    );
    await server.stop();
    assert.equal(server.requests[0]!.url.pathname, "/base/api/v1/query");
    assert.equal(server.requests[0]!.url.searchParams.get("query"), expression);
    assert.equal(server.requests[0]!.headers.authorization, "Bearer t");
  });

  const html = (response: ServerResponse) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Login</html>");
  const faults: [string, (response: ServerResponse) => void, RegExp][] = [
    ["HTTP 404", (response) => sendJson(response, 404, {}), /HTTP 404/],
    ["HTTP 500", (response) => sendJson(response, 500, vector([seconds, "0"])), /HTTP 500/],
    ["HTTP 503", (response) => sendJson(response, 503, {}), /HTTP 503/],
    ["an HTML login page", html, /not JSON \(text\/html\)/],
    [
      "a redirect",
      (response) => response.writeHead(302, { location: "http://example.com/" }).end(),
      /HTTP 302/,
    ],
    ["broken JSON", (response) => response.writeHead(200).end('{"status":"succ'), /not JSON/],
    [
      "JSON of another kind",
      (response) => sendJson(response, 200, { hello: 1 }),
      /not that of the Prometheus HTTP API/,
    ],
    [
      "status error",
      (response) => sendJson(response, 200, { status: "error", error: "parse error" }),
      /status is error: parse error/,
    ],
    [
      "a warning",
      (response) => sendJson(response, 200, { ...vector([seconds, "0"]), warnings: ["partial"] }),
      /warning: partial/,
    ],
    ["an empty vector", (response) => sendJson(response, 200, vector()), /no data/],
    [
      "two series",
      (response) => sendJson(response, 200, vector([seconds, "0"], [seconds, "0"])),
      /2 series instead of one/,
    ],
    [
      "a scalar",
      (response) =>
        sendJson(response, 200, { status: "success", data: { resultType: "scalar", result: [1, "1"] } }),
      /is a scalar/,
    ],
    ["no data field", (response) => sendJson(response, 200, { status: "success" }), /is a nothing/],
    ["NaN", (response) => sendJson(response, 200, vector([seconds, "NaN"])), /the value is NaN/],
    ["+Inf", (response) => sendJson(response, 200, vector([seconds, "+Inf"])), /the value is \+Inf/],
    ["-Inf", (response) => sendJson(response, 200, vector([seconds, "-Inf"])), /the value is -Inf/],
    ["an empty value", (response) => sendJson(response, 200, vector([seconds, ""])), /the value is /],
    [
      "a number that is not text",
      (response) => sendJson(response, 200, vector([seconds, 0.1])),
      /has no value/,
    ],
    ["a negative value", (response) => sendJson(response, 200, vector([seconds, "-0.1"])), /is negative/],
    ["a stale sample", (response) => sendJson(response, 200, vector([seconds - 121, "0"])), /121 s old/],
    [
      "a sample of the future",
      (response) => sendJson(response, 200, vector([seconds + 600, "0"])),
      /600 s in the future/,
    ],
    ["a connection that is cut", (response) => response.destroy(), /127\.0\.0\.1/],
  ];
  for (const [what, respond, message] of faults) {
    it(`takes ${what} as a fault`, async () => {
      const answer = await ask(respond);
      assert.ok("fault" in answer, JSON.stringify(answer));
      assert.match(answer.fault, message);
    });
  }

  it("takes silence as a fault", async () => {
    const answer = await ask(() => {}, 0.05);
    assert.match("fault" in answer ? answer.fault : "", /no answer/);
  });

  it("takes a server that is not there as a fault", async () => {
    const answer = await query({ address: "http://127.0.0.1:9", timeout: 5, maximumAge: 120 }, "up");
    assert.ok("fault" in answer);
  });
});

describe("the metrics gate", () => {
  const settings = {
    address: "https://prometheus.example.com",
    traffic: { query: "t", minimum: 1 },
    errorRatio: { query: "e", maximum: 0.01 },
    latency: { query: "l", maximum: 0.5 },
    maximumAge: 120,
    timeout: 5,
  };
  const sample = (value: number): Answer => ({ sample: { value, age: 0 } });
  const judge = (traffic: Answer, errorRatio: Answer, latency: Answer = sample(0.1)) =>
    judgeMetrics("bff", { traffic, errorRatio, latency }, settings);

  it("passes with every figure inside its bound and prints them", () => {
    const verdict = judge(sample(5), sample(0.004));
    assert.equal(verdict.passed, true);
    assert.equal(
      verdict.reason,
      "traffic 5.00 requests/s of at least 1, error ratio 0.40 % of at most 1.00 %, latency 0.100 s of at most 0.5 s",
    );
  });

  it("passes exactly on the bounds", () =>
    assert.equal(judge(sample(1), sample(0.01), sample(0.5)).passed, true));

  const refused: [string, Answer, Answer, Answer][] = [
    ["too little traffic to judge by", sample(0.99), sample(0), sample(0.1)],
    ["too many errors", sample(5), sample(0.011), sample(0.1)],
    ["a ratio above one", sample(5), sample(42), sample(0.1)],
    ["slow answers", sample(5), sample(0), sample(0.51)],
    ["unknown traffic", { fault: "no data" }, sample(0), sample(0.1)],
    ["an unknown error ratio", sample(5), { fault: "no data" }, sample(0.1)],
    ["unknown latency", sample(5), sample(0), { fault: "the value is NaN" }],
  ];
  for (const [what, traffic, errors, latency] of refused) {
    it(`refuses ${what}`, () => assert.equal(judge(traffic, errors, latency).passed, false));
  }
});
