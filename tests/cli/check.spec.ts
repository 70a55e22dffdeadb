import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, it } from "mocha";

const project = resolve(__dirname, "../..");
const cli = join(project, "cli/platform.cjs");

async function check(
  ...args: string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa("node", [cli, "check", ...args], {
    cwd: project,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

describe("platform check of files", () => {
  let folder = "";
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "check-"));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const configMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: platform-dev\n";

  it("exits with 0 and an empty array when nothing is wrong", async () => {
    const { exitCode, stdout } = await check(write("good.yaml", configMap), "--format", "json");
    assert.deepEqual([exitCode, JSON.parse(stdout)], [0, []]);
  });

  it("exits with 1 and says file, object, rule, level and message of what breaks a mandatory rule", async () => {
    const path = write("twice.yaml", `${configMap}---\n${configMap}`);
    const { exitCode, stdout } = await check(path, "--format", "json");
    assert.equal(exitCode, 1);
    const rows = JSON.parse(stdout) as Record<"file" | "object" | "rule" | "level" | "message", string>[];
    assert.deepEqual(Object.keys(rows[0]!), ["file", "object", "rule", "level", "message"]);
    assert.deepEqual(
      rows.map(({ object, rule, level, message }) => ({ object, rule, level, message })),
      [
        {
          object: "ConfigMap platform-dev/settings",
          rule: "one-owner",
          level: "mandatory",
          message: "stands in this file twice; keep one",
        },
      ],
    );
    assert.equal(resolve(project, rows[0]!.file), path);
  });

  it("takes objects that get their names from the API server for different ones", async () => {
    const job = configMap.replace("name: settings", "generateName: settings-");
    const { exitCode, stdout } = await check(
      write("generated.yaml", `${job}---\n${job}`),
      "--format",
      "json",
    );
    assert.deepEqual([exitCode, JSON.parse(stdout)], [0, []]);
  });

  it("reads what another program prints, with comments and empty documents in between", async () => {
    const printed = `---\n# Source: a/templates/a.yaml\n---\n# Source: a/templates/b.yaml\n${configMap}`;
    const run = async (input: string) => {
      const { exitCode, stdout } = await execa("node", [cli, "check", "-", "--format", "json"], {
        cwd: project,
        input,
        reject: false,
      });
      return [
        exitCode,
        (JSON.parse(stdout) as { file: string; rule: string }[]).map(({ file, rule }) => [file, rule]),
      ];
    };
    assert.deepEqual(await run(printed), [0, []]);
    const secret = configMap.replace("ConfigMap", "Secret") + "stringData:\n  a: b\n";
    assert.deepEqual(await run(printed + "---\n" + secret), [1, [["standard input", "S1/secret-in-git"]]]);
  });

  it("exits with 2 when something cannot be read, and still tells all the rest", async () => {
    const unreadable = write("tab.yaml", "apiVersion: v1\nkind: A\nmetadata:\n\tname: a\n");
    const { exitCode, stdout } = await check(unreadable, join(folder, "twice.yaml"), "--format", "json");
    assert.equal(exitCode, 2);
    assert.deepEqual(
      (JSON.parse(stdout) as { rule: string }[]).map(({ rule }) => rule),
      ["readable", "one-owner"],
    );
  });

  describe("of a folder that kustomize builds", () => {
    /** A machine with nothing on PATH but a kubectl of this kustomize. */
    async function checkBesideKubectl(kustomize: string | undefined) {
      const programs = mkdtempSync(join(folder, "programs-"));
      const kubectl = `#!/bin/sh
if [ "$1" = version ]; then echo '{ "kustomizeVersion": "${kustomize}" }'; exit; fi
while IFS= read -r line; do printf '%s\\n' "$line"; done < "$2/service.yaml"
`;
      if (kustomize) writeFileSync(join(programs, "kubectl"), kubectl, { mode: 0o755 });
      const path = join(project, "tests/fixtures/manifests/bad/unread-file");
      const { exitCode, stdout, stderr } = await execa(
        process.execPath,
        [cli, "check", path, "--format", "json"],
        { env: { PATH: programs }, extendEnv: false, reject: false },
      );
      return { exitCode, stdout, stderr };
    }

    it("asks the one inside kubectl where there is no other", async () => {
      const { exitCode, stdout } = await checkBesideKubectl("v5.5.0");
      assert.equal(exitCode, 1);
      assert.deepEqual(
        (JSON.parse(stdout) as { rule: string }[]).map(({ rule }) => rule),
        ["unread-file"],
      );
    });

    it("says how to get one where there is none, or only an old one", async () => {
      for (const version of [undefined, "v4.5.7"]) {
        const { exitCode, stderr } = await checkBesideKubectl(version);
        assert.equal(exitCode, 2);
        assert.match(stderr, /run go install .*kustomize.*, or set PLATFORM_KUSTOMIZE/);
      }
    });

    it("says so when the named program cannot be run", async () => {
      const { exitCode, stderr } = await execa(process.execPath, [cli, "check"], {
        cwd: project,
        env: { PLATFORM_KUSTOMIZE: "/nowhere/kustomize" },
        reject: false,
      });
      assert.equal(exitCode, 2);
      assert.match(stderr, /PLATFORM_KUSTOMIZE=\/nowhere\/kustomize cannot be run/);
    });
  });

  it("takes the levels of the environment it is given", async () => {
    const pod =
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: ghcr.io/platform/a:1\n";
    const path = write("pod.yaml", pod);
    const levels = async (environment: string) => {
      const { stdout } = await check(path, "--environment", environment, "--format", "json");
      const rows = JSON.parse(stdout) as { rule: string; level: string }[];
      return rows.find(({ rule }) => rule === "W3")?.level;
    };
    assert.deepEqual([await levels("dev"), await levels("production")], ["advisory", "mandatory"]);
  });

  it("refuses a path that does not exist, an empty folder and an unknown environment", async () => {
    const refused: [string[], RegExp][] = [
      [[join(folder, "nothing.yaml")], /does not exist/],
      [[mkdtempSync(join(folder, "empty-"))], /holds no manifest/],
      [[join(folder, "good.yaml"), "--environment", "Prod"], /dev, staging, production/],
    ];
    for (const [args, reason] of refused) {
      const { exitCode, stderr } = await check(...args);
      assert.equal(exitCode, 2, args.join(" "));
      assert.match(stderr, reason);
    }
  });
});
