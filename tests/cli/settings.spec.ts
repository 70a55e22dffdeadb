import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fillTemplate, parseSettings } from "../../cli/settings";

function withGates(gates: string): string {
  return [
    "environments:",
    "  dev: { clusters: { hub: a } }",
    "  production: { clusters: { hub: c } }",
    `  staging: { clusters: { hub: b }, gates: ${gates} }`,
  ].join("\n");
}

function metrics(change: string): string {
  const fields = {
    address: "https://p.example.com",
    traffic: "{ query: t, minimum: 1 }",
    errorRatio: "{ query: e, maximum: 0.01 }",
  };
  const stated = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  const [key] = change.split(":");
  return withGates(
    `{ metrics: { ${[...stated.filter((field) => !field.startsWith(`${key}:`)), change].join(", ")} } }`,
  );
}

function faultOf(text: string): string {
  try {
    parseSettings(text);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
}

describe("infrastructure/promotion.yaml", () => {
  it("as committed is valid and asks production for a digest, a soak time and an approval", () => {
    const { environments } = parseSettings(readFileSync("infrastructure/promotion.yaml", "utf8"));
    const { image, soak, approvals } = environments.production.gates;
    assert.deepEqual([image.digest, soak > 0, approvals > 0], [true, true, true]);
  });

  it("takes a branch with folders in its name", () => {
    assert.equal(
      parseSettings(`git: { branch: release/2026.1 }\n${withGates("{}")}`).git.branch,
      "release/2026.1",
    );
  });

  it("reads durations as minutes", () => {
    assert.equal(parseSettings(withGates("{ soak: 1h30m }")).environments.staging.gates.soak, 90);
  });

  const faults: [string, string, RegExp][] = [
    [
      "a ratio in per cent",
      metrics("errorRatio: { query: e, maximum: 1 }"),
      /errorRatio\.maximum: .*not per cent/,
    ],
    ["a ratio of zero", metrics("errorRatio: { query: e, maximum: 0 }"), /at most 0\.5/],
    ["a negative ratio", metrics("errorRatio: { query: e, maximum: -0.1 }"), /at most 0\.5/],
    ["a ratio that is NaN", metrics("errorRatio: { query: e, maximum: .nan }"), /errorRatio\.maximum/],
    ["a number as text", metrics('errorRatio: { query: e, maximum: "0.01" }'), /errorRatio\.maximum.*number/],
    [
      "latency in milliseconds",
      metrics("latency: { query: l, maximum: 500 }"),
      /in seconds, not milliseconds/,
    ],
    ["no traffic floor", metrics("traffic: { query: t, minimum: 0 }"), /no traffic passes/],
    ["plain http", metrics("address: http://p.example.com"), /must use https/],
    ["credentials in an address", metrics("address: https://u:p@p.example.com"), /carries credentials/],
    ["text that is no address", metrics("address: prometheus"), /is not a URL/],
    [
      "a soak time in days",
      withGates("{ soak: 1d }"),
      /staging\.gates\.soak: is not a duration; write it like 30m or 1h30m; found "1d"/,
    ],
    ["a misspelled gate", withGates("{ soack: 1h }"), /staging\.gates\.soack: is not a key/],
    ["a misspelled key at the top", `${withGates("{}")}\ngithubb: a/b`, /^.*\n {2}githubb: is not a key/],
    ["another environment", `${withGates("{}")}\n  qa: { clusters: { hub: x } }`, /qa/],
    ["a missing environment", "environments:\n  dev: { clusters: { hub: a } }", /environments\.production/],
    ["an environment without hub", withGates("{}").replace("hub: a", "namespace: x"), /dev\.clusters\.hub/],
    ["a key twice", `${withGates("{}")}\nenvironments: {}`, /keys must be unique/],
    [
      "a branch that a shell would read",
      `git: { branch: "$(id)" }\n${withGates("{}")}`,
      /git\.branch: is not a name that git takes/,
    ],
    ["a branch that is an option", `git: { branch: --force }\n${withGates("{}")}`, /git\.branch/],
    ["a branch with a line break", `git: { branch: "a\\nb" }\n${withGates("{}")}`, /git\.branch/],
    ["a remote with dots", `git: { remote: ../other }\n${withGates("{}")}`, /git\.remote/],
    ["two documents", `${withGates("{}")}\n---\n${withGates("{}")}`, /multiple documents/],
    ["tabs", withGates("{}").replace("  dev", "\tdev"), /[Tt]abs/],
    ["aliases", `a: &a [1]\nb: *a\n${withGates("{}")}`, /uses a YAML alias/],
    [
      "a repository that is an address",
      `github: https://github.com/a/b\n${withGates("{}")}`,
      /is not owner\/repository/,
    ],
  ];
  for (const [what, text, message] of faults) {
    it(`refuses ${what}`, () => assert.match(faultOf(text), message));
  }

  it("repeats no password of an address", () => {
    assert.doesNotMatch(faultOf(metrics("address: https://u:hunter2@p.example.com")), /hunter2/);
  });

  it("reports every problem at once", () => {
    assert.match(faultOf(withGates("{ soak: 1d, approvals: -1 }")), /2 problem/);
  });
});

describe("filling a template", () => {
  it("replaces what is known and leaves the rest", () => {
    assert.equal(
      fillTemplate("{{service}} {{environment}} {{other}}", { service: "bff", environment: "dev" }),
      "bff dev {{other}}",
    );
  });
});
