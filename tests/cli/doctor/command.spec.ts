import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import type { Check } from "../../../cli/doctor/context";
import { ok } from "../../../cli/doctor/finding";
import { redactor } from "../../../cli/doctor/redact";
import { exitCodeOf, formatTable } from "../../../cli/doctor/report";
import { runChecks } from "../../../cli/doctor/run";
import { kubeconfig, kubeconfigFile } from "../../stack-config";
import { runPlatform } from "../support/platform";
import { contextWith } from "./context";

type Json = Record<string, unknown>;

/** A folder with a project and the stack file of dev. */
function project(config: Json): string {
  const directory = mkdtempSync(join(tmpdir(), "gitops-platform-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: gitops-platform\nruntime: nodejs\n");
  const values = Object.entries(config).map(([key, value]) => [`gitops-platform:${key}`, value]);
  writeFileSync(
    join(directory, "Pulumi.dev.yaml"),
    stringify({ config: Object.fromEntries(values) as Json }),
  );
  return directory;
}

const valid = (): Json => ({
  hub: { name: "dev", connection: { kubeconfig: kubeconfigFile() } },
  git: { url: "https://git.example.com/organization/platform" },
  argocd: { domain: "argocd.example.com" },
});

/** A stand-in for the pulumi command that answers `config` with these values. */
function fakePulumi(directory: string, answer: unknown, exitCode = 0): Record<string, string> {
  const path = join(directory, "pulumi");
  const text = JSON.stringify(JSON.stringify(answer));
  writeFileSync(
    path,
    `#!${process.execPath}\n${exitCode === 0 ? `process.stdout.write(${text})` : `console.error("error: incorrect passphrase")`};process.exitCode=${exitCode};\n`,
  );
  chmodSync(path, 0o755);
  return { PATH: [directory, process.env["PATH"]].join(delimiter) };
}

async function findings(directory: string, env: Record<string, string> = {}) {
  const { code, stdout } = await runPlatform(directory, ["doctor", "--stack", "dev", "--json"], env);
  const report = JSON.parse(stdout) as {
    ok: boolean;
    findings: { check: string; subject: string; message: string }[];
  };
  return { code, stdout, ...report };
}

describe("platform doctor reads the stack file", () => {
  it("refuses every secret in plain text by its path, also beside encrypted ones, and repeats none", async () => {
    const secrets = {
      git: { username: { secure: "v1:abc" }, password: "canary-password" },
      kubeconfigs: { dev: kubeconfig },
    };
    const { code, findings: found, stdout } = await findings(project({ ...valid(), secrets }));
    assert.equal(code, 2);
    assert.deepEqual(
      found.map(({ subject }) => subject),
      ["gitops-platform:secrets.git.password", "gitops-platform:secrets.kubeconfigs.dev"],
    );
    assert.doesNotMatch(stdout, /canary/);
  });

  it("refuses a file that is missing, is no YAML or has a key twice", async () => {
    const directory = project(valid());
    for (const text of ["config: [", "config:\n  a: 1\n  a: 2\n", "other: 1\n"]) {
      writeFileSync(join(directory, "Pulumi.dev.yaml"), text);
      assert.equal((await findings(directory)).code, 2);
    }
    const { code } = await runPlatform(directory, ["doctor", "--stack", "staging", "--json"]);
    assert.equal(code, 2);
  });

  it("refuses what `up` would refuse, with key and value", async () => {
    const { code, findings: found } = await findings(
      project({ ...valid(), argocd: { domain: "https://argocd.example.com" } }),
    );
    assert.equal(code, 2);
    assert.equal(found[0]!.subject, "gitops-platform:argocd.domain");
    assert.match(found[0]!.message, /is not a host name/);
  });

  it("asks the engine for what only it can read, and fails closed where the engine cannot", async () => {
    const secrets = { kubeconfigs: { dev: { secure: "v1:abc" } } };
    const directory = project({ ...valid(), hub: { name: "dev" }, secrets });
    const refused = await findings(directory, fakePulumi(directory, {}, 255));
    assert.equal(refused.code, 2);
    assert.match(refused.findings[0]!.message, /incorrect passphrase/);

    const garbled = await findings(directory, fakePulumi(directory, "canary"));
    assert.equal(garbled.code, 2);
    assert.doesNotMatch(garbled.stdout, /canary/);

    const values = { "gitops-platform:hub": { objectValue: { name: "dev" } } };
    const wrong = {
      ...values,
      "gitops-platform:secrets": {
        value: JSON.stringify({ kubeconfigs: { dev: "canary: text" } }),
        secret: true,
      },
    };
    const malformed = await findings(directory, fakePulumi(directory, wrong));
    assert.equal(malformed.code, 2);
    assert.doesNotMatch(malformed.stdout, /canary/);
  });

  it("says that there is no project", async () => {
    const { code, stderr } = await runPlatform(tmpdir(), ["doctor", "--stack", "dev"]);
    assert.equal(code, 2);
    assert.match(stderr, /no Pulumi\.yaml/);
  });
});

describe("doctor makes its checks", () => {
  const options = { timeout: 50, progressInterval: 10, onProgress: () => {} };
  const check = (name: string, run: Check["run"]): Check => ({ name, run });

  it("reports one that throws, hangs or says nothing as unreadable, and loses no other", async () => {
    const progress: string[] = [];
    const findings = await runChecks(
      [
        check("throws", () => Promise.reject(new Error("broken"))),
        check("hangs", () => new Promise(() => {})),
        check("silent", () => Promise.resolve([])),
        check("fine", () => Promise.resolve([ok("a", "b")])),
      ],
      contextWith([]),
      { ...options, onProgress: (running) => progress.push(...running) },
    );
    assert.deepEqual(
      findings.map(({ check: name, status }) => `${name} ${status}`),
      ["throws invalid", "hangs invalid", "silent invalid", "fine ok"],
    );
    assert.ok(progress.includes("hangs"));
    assert.ok(!progress.includes("fine"));
  });

  it("ends with 2 for what could not be read, else with 1 for a no, else with 0", () => {
    const of = (...statuses: ("ok" | "warning" | "failed" | "invalid")[]) =>
      exitCodeOf(statuses.map((status) => ({ check: "c", subject: "s", status, message: "m" })));
    assert.deepEqual([of("ok", "warning"), of("ok", "failed"), of("failed", "invalid"), of()], [0, 1, 2, 2]);
  });

  it("writes every subject out, however long the key is", () => {
    const subject = "gitops-platform:secrets.kubeconfigs.eu-central";
    const table = formatTable([{ check: "stack-file", subject, status: "invalid", message: "m" }], 80);
    assert.ok(table.includes(subject));
  });

  it("blanks out secrets that another program has repeated, line by line", () => {
    const redact = redactor({ git: { password: "canary-1" }, key: "-----BEGIN\ncanary-line\n-----END" });
    assert.equal(redact("x canary-1 y canary-line z"), "x [secret] y [secret] z");
  });
});
