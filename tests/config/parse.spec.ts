import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Environment } from "../../config/environment";
import { parseConfig, parseEnvironment } from "../../config/parse";
import { ConfigError } from "../../config/problem";
import { kubeconfig, testCertificate } from "../stack-config";

const folder = path.join(__dirname, "..", "fixtures", "config", "invalid");

interface Fixture {
  readonly environment: Environment;
  /** Changes to the valid configuration, by dotted path. */
  readonly set: Record<string, unknown>;
  readonly plain?: boolean;
  readonly now?: string;
  readonly message: string;
}

const spoke = () => ({ name: "eu", server: "https://eu.example.com", caCertificate: testCertificate() });

/** Values that a fixture names instead of repeating. */
const named: Record<string, () => unknown> = {
  KUBECONFIG: () => kubeconfig,
  WITHOUT_CURRENT_CONTEXT: () => kubeconfig.replace(/current-context.*\n/, ""),
  WITH_FILE_PATHS: () =>
    kubeconfig.replace("token: canary-kubeconfig-token", "client-certificate: /tmp/client.pem"),
  INSECURE_BESIDE_CA: () =>
    kubeconfig.replace(
      "server:",
      "insecure-skip-tls-verify: true, certificate-authority-data: Q0E=, server:",
    ),
  SPOKE: spoke,
  OTHER_SPOKE: () => ({ ...spoke(), name: "us", server: "https://us.example.com" }),
  WINDOW: () => ({ kind: "allow", schedule: "0 2 * * *", duration: "2h", timeZone: "Europe/Berlin" }),
};

function resolve(value: unknown): unknown {
  if (typeof value === "string") return named[value]?.() ?? value;
  return Array.isArray(value) ? value.map(resolve) : value;
}

type Tree = Record<string, unknown>;

function validConfig(): Tree {
  return {
    hub: { name: "dev", connection: { kubeconfig: "/valid" } },
    spokes: [],
    git: { url: "https://github.com/organization/platform" },
    argocd: { domain: "argocd.example.com", syncWindows: [], access: {} },
    versions: {},
    secrets: { kubeconfigs: { eu: kubeconfig, us: kubeconfig }, argocd: {} },
  };
}

function apply(config: Tree, changes: Record<string, unknown>): Tree {
  for (const [dotted, value] of Object.entries(changes)) {
    const keys = dotted.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce((tree, key) => tree[key] as Tree, config);
    if (value === null) delete parent[last];
    else parent[last] = resolve(value);
  }
  // Only fixtures about clusters need the kubeconfigs of spokes.
  const names = (config["spokes"] as { name: string }[]).map(({ name }) => name);
  const secrets = config["secrets"] as { kubeconfigs: Tree };
  for (const name of ["eu", "us"]) if (!names.includes(name)) delete secrets.kubeconfigs[name];
  return config;
}

function parseFixture(fixture: Pick<Fixture, "environment" | "set" | "plain" | "now">) {
  return parseConfig(apply(validConfig(), fixture.set), {
    environment: fixture.environment,
    isSecret: () => !fixture.plain,
    readFile: (file) => (file === "/valid" ? kubeconfig : undefined),
    now: new Date(fixture.now ?? Date.now()),
  });
}

describe("parseConfig", () => {
  it("accepts a configuration that says no more than it must", () => {
    assert.equal(parseFixture({ environment: "dev", set: {} }).git.revision, "main");
  });

  it("accepts a spoke that is complete", () => {
    assert.equal(
      parseFixture({ environment: "staging", set: { spokes: ["SPOKE"] } }).spokes[0]!.credentials.kind,
      "serviceAccount",
    );
  });

  it("takes from a spoke's kubeconfig what the stack leaves unsaid", () => {
    const caData = Buffer.from(testCertificate()).toString("base64");
    const stored = kubeconfig.replace("server:", `certificate-authority-data: ${caData}, server:`);
    const [spoke] = parseFixture({
      environment: "staging",
      set: { spokes: [{ name: "eu" }], "secrets.kubeconfigs.eu": stored },
    }).spokes;
    assert.equal(spoke!.server, "https://one.example.com");
    assert.equal(spoke!.caCertificate, testCertificate());
  });

  it("brings every spelling of a repository address to one", () => {
    for (const url of [
      "https://github.com/o/p.git",
      "https://GitHub.com/o/p/",
      "https://github.com:443/o/p",
    ]) {
      assert.equal(
        parseFixture({ environment: "dev", set: { "git.url": url } }).git.url,
        "https://github.com/o/p",
      );
    }
    assert.equal(
      parseFixture({ environment: "dev", set: { "git.url": "git@github.com:o/p.git" } }).git.url,
      "ssh://git@github.com/o/p",
    );
  });

  it("reports every problem at once", () => {
    assert.throws(
      () =>
        parseFixture({
          environment: "dev",
          set: { "hub.name": "Dev_1", "git.url": "x", "argocd.domain": "x" },
        }),
      (error: ConfigError) => error.problems.length === 3,
    );
  });

  for (const file of readdirSync(folder)) {
    const fault = path.basename(file, ".yaml");
    it(`refuses ${fault.replaceAll("-", " ")}`, () => {
      const fixture = parse(readFileSync(path.join(folder, file), "utf8")) as Fixture;
      assert.throws(
        () => parseFixture(fixture),
        (error) => {
          assert.ok(error instanceof ConfigError, String(error));
          assert.ok(error.message.includes(fixture.message), error.message);
          assert.ok(!error.message.includes("canary"), "the message repeats a secret");
          return true;
        },
      );
    });
  }
});

describe("parseEnvironment", () => {
  it("takes the name of the stack as the environment", () => {
    assert.equal(parseEnvironment("staging"), "staging");
  });

  for (const [name, nearest] of [
    ["Production", "production"],
    ["development", "dev"],
    ["stage", "staging"],
    ["prod", "production"],
  ] as const) {
    it(`refuses the stack "${name}" and suggests "${nearest}"`, () => {
      assert.throws(() => parseEnvironment(name), new RegExp(`did you mean "${nearest}"`));
    });
  }
});
