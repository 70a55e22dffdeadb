import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { type Environment, environments } from "../../config/environment";
import { allBadInputs, badInputs, placeOf } from "../cli/manifests/bad-inputs";
import { runPlatform } from "../cli/support/platform";
import { kustomize } from "./manifest-tools";

const project = resolve(__dirname, "../..");
const overlays = "infrastructure/k8s/overlays";

interface Sarif {
  version: string;
  runs: {
    results: {
      ruleId: string;
      message: { text: string };
      locations: {
        physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
      }[];
    }[];
  }[];
}

interface Row {
  file: string;
  object: string;
  rule: string;
  level: string;
  message: string;
}

/** A git repository with the manifests of this one, to break. */
class Copy {
  readonly root = mkdtempSync(join(tmpdir(), "manifests-"));

  async create(): Promise<void> {
    cpSync(join(project, "infrastructure"), join(this.root, "infrastructure"), { recursive: true });
    for (const name of environments) this.writeStack(name, []);
    await this.git("init", "--quiet", "--initial-branch=main");
    await this.git("config", "user.name", "A developer");
    await this.git("config", "user.email", "developer@example.com");
    await this.commit("Start");
  }

  /** The hub is called like its environment. */
  writeStack(environment: Environment, spokes: readonly string[]): void {
    const clusters = {
      "gitops-platform:hub": { name: environment },
      "gitops-platform:spokes": spokes.map((name) => ({ name })),
    };
    writeFileSync(this.path(`Pulumi.${environment}.yaml`), stringify({ config: clusters }));
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.root })).stdout;
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  replace(path: string, from: string | RegExp, to: string): void {
    const text = readFileSync(this.path(path), "utf8");
    const replaced = text.replace(from, to);
    assert.notEqual(replaced, text, `${path} does not hold ${String(from)}`);
    writeFileSync(this.path(path), replaced);
  }

  async platform(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const { code, ...said } = await runPlatform(this.root, args, { PLATFORM_KUSTOMIZE: kustomize });
    return { exitCode: code, ...said };
  }

  async check(): Promise<{ exitCode: number | undefined; rows: Row[] }> {
    const { exitCode, stdout, stderr } = await this.platform("check", "--format", "json");
    assert.notEqual(stdout, "", stderr);
    return { exitCode, rows: JSON.parse(stdout) as Row[] };
  }

  /** The messages of one rule, with file and object. */
  async findings(rule: string): Promise<string[]> {
    const { rows } = await this.check();
    return rows
      .filter((row) => row.rule === rule)
      .map(({ file, object, message }) => `${file}|${object}|${message}`);
  }
}

describe("platform check and diff over built overlays", () => {
  let copy = new Copy();

  beforeEach(async () => {
    copy = new Copy();
    await copy.create();
  });

  afterEach(() => rmSync(copy.root, { recursive: true, force: true }));

  it("finds nothing mandatory in this repository", async () => {
    const { exitCode, rows } = await copy.check();
    assert.deepEqual(
      rows.filter(({ level }) => level === "mandatory"),
      [],
    );
    assert.equal(exitCode, 0);
  });

  it("finds an object that two services deliver", async () => {
    const file = `${overlays}/dev/audit/kustomization.yaml`;
    copy.replace(file, "- ../../../base/audit\n", "- ../../../base/audit\n  - service.yaml\n");
    cpSync(
      copy.path("infrastructure/k8s/base/bff/service.yaml"),
      copy.path(overlays, "dev/audit/service.yaml"),
    );
    const [finding, ...more] = await copy.findings("one-owner");
    assert.match(
      finding ?? "",
      /Service platform-dev\/bff\|is also delivered by infrastructure\/k8s\/overlays\/dev\//,
    );
    assert.deepEqual(more, []);
  });

  it("finds a patch whose target does not exist, be it silent in kustomize or an error", async () => {
    copy.replace(`${overlays}/dev/bff/kustomization.yaml`, "kind: Rollout", "kind: Deployment");
    assert.match(
      (await copy.findings("patch-target"))[0] ?? "",
      /dev\/bff\/kustomization.yaml.*kind Deployment, name bff/,
    );
    appendFileSync(
      copy.path(overlays, "dev/audit/kustomization.yaml"),
      "  - patch: |-\n      {apiVersion: v1, kind: Service, metadata: {name: nobody}}\n",
    );
    const { exitCode } = await copy.check();
    assert.equal(exitCode, 2);
    assert.match(
      (await copy.findings("readable"))[0] ?? "",
      /dev\/audit\/kustomization.yaml\|\|patches Service nobody, but the build has no such/,
    );
  });

  it("finds an overlay without kustomization, a service that skips an environment, an unknown environment", async () => {
    rmSync(copy.path(overlays, "dev/audit"), { recursive: true });
    rmSync(copy.path(overlays, "staging/bff/kustomization.yaml"));
    cpSync(copy.path(overlays, "dev/bff"), copy.path(overlays, "development/bff"), { recursive: true });
    assert.match(
      (await copy.findings("promotion-order")).join("\n"),
      /staging\/audit\|\|has no overlay in dev/,
    );
    const unreadable = (await copy.findings("readable")).join("\n");
    assert.match(unreadable, /staging\/bff\|\|has no kustomization.yaml/);
    assert.match(unreadable, /overlays\/development\|\|is not an environment; rename it to "dev"/);
  });

  it("finds a tag that YAML reads as a number, a floating one and a missing digest", async () => {
    copy.replace(`${overlays}/dev/bff/image.yaml`, /newTag: ".*"/, "newTag: 1.10");
    copy.replace(`${overlays}/staging/bff/image.yaml`, /newTag: ".*"/, 'newTag: "latest"');
    copy.replace(`${overlays}/production/bff/image.yaml`, /\n {2}digest: .*/, "");
    const found = (await copy.findings("image-file")).join("\n");
    assert.match(found, /dev\/bff\/image.yaml.*1\.10 must be quoted/);
    assert.match(found, /staging\/bff\/image.yaml.*"latest" names no version/);
    assert.match(found, /production\/bff\/image.yaml.*has no digest/);
  });

  it("finds an ExternalSecret that takes the secret of another environment", async () => {
    copy.replace(
      `${overlays}/dev/bff/kustomization.yaml`,
      "value: platform/dev/bff",
      "value: platform/production/bff",
    );
    const { exitCode, rows } = await copy.check();
    assert.equal(exitCode, 1);
    const [row] = rows.filter(({ level }) => level === "mandatory");
    assert.equal(row?.object, "ExternalSecret platform-dev/bff");
    assert.equal(row.file, "infrastructure/k8s/base/bff/external-secret.yaml");
  });

  it("finds a Rollout that would never see its changed ConfigMap", async () => {
    copy.replace("infrastructure/k8s/base/bff/kustomization.yaml", "components:\n  - ../canary\n", "");
    assert.match(
      (await copy.findings("references")).join("\n"),
      /Rollout platform-dev\/bff\|uses ConfigMap bff,/,
    );
  });

  it("finds an object outside the namespace of its environment", async () => {
    copy.replace(
      `${overlays}/dev/bff/kustomization.yaml`,
      "namespace: platform-dev",
      "namespace: platform-staging",
    );
    assert.notEqual((await copy.findings("overlay-namespace")).length, 0);
  });

  it("writes SARIF with a place for every finding", async () => {
    rmSync(copy.path(overlays, "staging/bff/kustomization.yaml"));
    const { stdout } = await copy.platform("check", "--format", "sarif");
    const { runs, version } = JSON.parse(stdout) as Sarif;
    assert.equal(version, "2.1.0");
    assert.equal(runs[0]!.results[0]!.ruleId, "readable");
    assert.equal(
      runs[0]!.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri,
      `${overlays}/staging/bff`,
    );
  });

  it("adds a service that every cluster of dev then gets, without a change anywhere else", async () => {
    const added = await copy.platform("service", "add", "payments", "--tag", "1.0.0");
    assert.equal(added.exitCode, 0, added.stderr);
    const status = (await copy.git("status", "--porcelain")).split("\n");
    assert.deepEqual(status.sort(), ["?? infrastructure/k8s/base/payments/", `?? ${overlays}/dev/payments/`]);
    const { exitCode, rows } = await copy.check();
    assert.equal(exitCode, 0, JSON.stringify(rows));
    const { stdout } = await copy.platform("diff", "--base", "main");
    assert.match(stdout, /\| dev \| dev \| payments \| - → 1.0.0 \| \d+ \| 0 \| 0 \|/);
    assert.doesNotMatch(stdout, /\| changed \|/);
  });

  it("adds a canary after the example of another, and refuses what cannot be before it writes", async () => {
    const canary = await copy.platform("service", "add", "search", "--like", "bff", "--tag", "1.0.0");
    assert.equal(canary.exitCode, 0, canary.stderr);
    assert.equal((await copy.check()).exitCode, 0);
    await copy.commit("Add search");
    const refused: [string[], RegExp][] = [
      [["payments", "--tag", "latest"], /"latest" names no version/],
      [["Pay$(id)", "--tag", "1.0.0"], /is not the name of a service/],
      [["bff", "--tag", "1.0.0"], /exists already/],
      [["payments", "--tag", "1.0.0", "--like", "nobody"], /has no such service/],
      [["payments", "--tag", "1.0.0", "--environment", "staging"], /is not in dev yet/],
      [["search", "--tag", "1.0.0", "--environment", "production"], /is not in staging yet/],
    ];
    for (const [args, reason] of refused) {
      const { exitCode, stderr } = await copy.platform("service", "add", ...args);
      assert.equal(exitCode, 2, args.join(" "));
      assert.match(stderr, reason);
    }
    assert.equal(await copy.git("status", "--porcelain"), "");
  });

  it("shows what a change does to each cluster, without the secret that is in it", async () => {
    copy.replace(
      `${overlays}/production/bff/kustomization.yaml`,
      "APP_ENV=production",
      "APP_ENV=production\n      - API_TOKEN=hunter2",
    );
    copy.writeStack("production", ["spoke-1", "spoke-2"]);
    const { exitCode, stdout } = await copy.platform("diff", "--base", "main");
    assert.equal(exitCode, 0);
    assert.match(stdout, /\| production \| production, spoke-1, spoke-2 \| bff \| {2}\| 0 \| 2 \| 0 \|/);
    assert.match(stdout, /Cluster \*\*spoke-2\*\* joins production/);
    assert.match(stdout, /\+\s+API_TOKEN: \(masked/);
    assert.doesNotMatch(stdout, /hunter2/);
  });

  it("tells a new image from the rest, and a service that leaves from one that stays running", async () => {
    copy.replace(`${overlays}/staging/bff/image.yaml`, /newTag: ".*"/, 'newTag: "7.0.0"');
    rmSync(copy.path(overlays, "production/audit"), { recursive: true });
    rmSync(copy.path(overlays, "dev/validation"), { recursive: true });
    const { stdout } = await copy.platform("diff", "--base", "main");
    assert.match(stdout, /\| staging \| staging \| bff \| [\w.]+ → 7\.0\.0 \| 0 \| 1 \| 0 \|/);
    assert.match(stdout, /\*\*audit\*\* leaves production: its Application and its pods stay/);
    assert.match(stdout, /\*\*validation\*\* leaves dev: Argo CD deletes its Application and its pods/);
  });

  it("shows a change of a base once for all environments, and keeps to a limit", async () => {
    copy.replace(
      "infrastructure/k8s/base/audit/deployment.yaml",
      "revisionHistoryLimit: 5",
      "revisionHistoryLimit: 3",
    );
    const { stdout } = await copy.platform("diff", "--base", "main");
    assert.equal(stdout.match(/-\s+revisionHistoryLimit: 5/g)?.length, 1);
    assert.match(stdout, /<summary>audit: production \(production\), staging \(staging\), dev \(dev\)</);
    const short = await copy.platform("diff", "--base", "main", "--limit", "1000");
    assert.ok(short.stdout.length <= 1000);
    assert.match(short.stdout, /--full` to see all/);
    assert.equal((await copy.platform("diff", "--base", "main", "--limit", "few")).exitCode, 2);
  });

  it("says that nothing changes when only text around the objects does, and leaves the index alone", async () => {
    appendFileSync(copy.path(overlays, "dev/bff/kustomization.yaml"), "# a comment\n");
    await copy.git("add", "--all");
    const { stdout } = await copy.platform("diff", "--base", "HEAD");
    assert.match(stdout, /No rendered object changes/);
    assert.equal(await copy.git("diff", "--cached", "--name-only"), `${overlays}/dev/bff/kustomization.yaml`);
  });

  it("names a folder that can no longer be built, and exits with 2", async () => {
    copy.replace(`${overlays}/dev/bff/kustomization.yaml`, "- ../../../base/bff", "- ../../../base/nobody");
    const { exitCode, stdout } = await copy.platform("diff", "--base", "HEAD");
    assert.equal(exitCode, 2);
    assert.match(stdout, /dev\/bff\*\* cannot be built after this change/);
  });

  it("refuses a base that is no revision", async () => {
    const { exitCode, stderr } = await copy.platform("diff", "--base", "nowhere");
    assert.equal(exitCode, 2);
    assert.match(stderr, /--base nowhere is no revision/);
  });

  it("keeps no folder behind", async () => {
    await copy.platform("diff", "--base", "HEAD");
    const left = (await execa("ls", [tmpdir()])).stdout
      .split("\n")
      .filter((name) => name.startsWith("platform-revision-"));
    assert.deepEqual(left, []);
  });
});

describe("platform check of bad input, through kustomize", () => {
  for (const input of allBadInputs) {
    it(`ends with ${input.exitCode} in ${input.environment} and names ${placeOf(input)}`, async () => {
      const { code, stdout } = await runPlatform(
        badInputs,
        ["check", input.fixture, "--environment", input.environment, "--format", "sarif"],
        { PLATFORM_KUSTOMIZE: kustomize },
      );
      const { runs } = JSON.parse(stdout) as Sarif;
      const said = runs[0]!.results.map(({ ruleId, message, locations: [location] }) => {
        const { artifactLocation, region } = location!.physicalLocation;
        return `${artifactLocation.uri}:${region.startLine} ${ruleId} ${message.text}`;
      });
      const [, line = "1"] = /:(\d+)$/.exec(placeOf(input)) ?? [];
      const start = `${placeOf(input).replace(/:\d+$/, "")}:${line} ${input.rule} `;
      assert.ok(
        said.some((text) => text.startsWith(start) && input.message.test(text)),
        said.join("\n"),
      );
      assert.equal(code, input.exitCode, said.join("\n"));
    });
  }
});

describe("the overlay of the workflow document, with the files that it lacks", () => {
  const root = mkdtempSync(join(tmpdir(), "seed-"));
  const base = (...parts: string[]) => join(root, "infrastructure/k8s/base", ...parts);
  const overlay = join(root, "infrastructure/k8s/overlays/production");
  const others = [
    "llm-agent",
    "workflow-orchestrator",
    "validation",
    "notification",
    "audit",
    "file-storage",
  ];

  const configMap = (name: string) => stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
  const edit = (path: string, change: (text: string) => string) =>
    writeFileSync(path, change(readFileSync(path, "utf8")));

  async function messages(): Promise<string[]> {
    const args = ["check", overlay, "--format", "json"];
    const { stdout, stderr } = await runPlatform(root, args, { PLATFORM_KUSTOMIZE: kustomize });
    assert.notEqual(stdout, "", stderr);
    return (JSON.parse(stdout) as Row[]).map(({ file, message }) => `${file} ${message}`);
  }

  before(async () => {
    cpSync(join(project, "tests/fixtures/manifests/seed"), root, { recursive: true });
    await execa("git", ["init", "--quiet"], { cwd: root });
    for (const name of ["service", "hpa", "servicemonitor"]) {
      writeFileSync(base("bff", `${name}.yaml`), configMap(`bff-${name}`));
    }
    for (const name of ["namespace", "networkpolicies"]) {
      writeFileSync(join(overlay, `${name}.yaml`), configMap(name));
    }
    for (const name of ["replicas", "hpa-production"]) {
      writeFileSync(join(overlay, `patches/${name}.yaml`), configMap("bff-service"));
    }
    for (const name of others) {
      cpSync(base("bff"), base(name), { recursive: true });
      for (const file of ["kustomization", "deployment", "service", "hpa", "servicemonitor"]) {
        edit(base(name, `${file}.yaml`), (text) => text.replaceAll("bff", name));
      }
    }
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  it("is refused, since every base generates the ConfigMap app-config (8)", async () => {
    assert.match(
      (await messages()).join("\n"),
      /base\/[a-z-]+\/kustomization.yaml brings ConfigMap app-config a second/,
    );
  });

  it("is refused, since the patch of a Deployment does not reach the Rollout (14)", async () => {
    for (const name of others) {
      edit(base(name, "kustomization.yaml"), (text) => text.replace("name: app-config", `name: ${name}`));
    }
    edit(base("bff", "kustomization.yaml"), (text) => text.replace("deployment.yaml", "rollout.yaml"));
    assert.match(
      (await messages()).join("\n"),
      /production\/kustomization.yaml patches Deployment bff, but the build has no such object/,
    );
  });
});
