import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FakeGitHub } from "../cli/support/github";
import { git } from "../cli/support/repository";
import { World } from "../cli/support/world";
import { projectRoot, Runner } from "./runner";
import { scriptOf } from "./workflow";

const tags = { dev: { bff: "2.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };

describe("the steps of the workflows, as they stand", function () {
  this.timeout(60_000);
  let runner: Runner;
  let github: FakeGitHub;
  beforeEach(async () => {
    runner = new Runner();
    github = await FakeGitHub.start();
  });
  afterEach(async () => {
    await github.stop();
    runner.remove();
  });

  /** A folder with the sections that the jobs before left there. */
  function sections(contents: Record<string, string>): string {
    const folder = join(runner.temporary, "work");
    mkdirSync(join(folder, "sections", "nested"), { recursive: true });
    for (const [file, text] of Object.entries(contents))
      writeFileSync(join(folder, "sections", "nested", file), text);
    for (const name of ["cli", "config", "node_modules", "tsconfig.json"])
      symlinkSync(join(projectRoot, name), join(folder, name));
    return folder;
  }

  describe("promote", () => {
    const script = scriptOf("promote.yml", "promote", "Promote");
    let world: World;
    const env = (change: Record<string, string> = {}) => ({
      ...github.env,
      TO: "staging",
      WHAT: "images",
      SERVICE: "",
      DRY_RUN: "false",
      FOLLOW_UP: "false",
      ACTOR: "grace",
      KUBECONFIG_CONTENT: readFileSync(world.kubeconfig, "utf8"),
      ...change,
    });
    beforeEach(async () => {
      world = await World.create({ tags, settings: "github: organization/platform\n" });
      world.runEverything(tags);
    });
    afterEach(() => world.remove());

    it("opens a pull request as the person who asked, and shows the plan in the summary", async () => {
      const { exitCode, output } = await runner.run(script, world.repository.clone, env());
      assert.equal(exitCode, 0, output);
      assert.equal(github.pulls.length, 1);
      const branch = "promotion/dev-to-staging";
      assert.match(
        git(world.repository.remote, "log", "-1", "--format=%an <%ae>", branch),
        /^grace <grace@users/,
      );
      assert.match(readFileSync(runner.summary, "utf8"), /bff: 1\.0\.0 -> 2\.0\.0/);
    });

    it("keeps the kubeconfig from other users of the machine", async () => {
      await runner.run(script, world.repository.clone, env());
      assert.equal(statSync(join(runner.temporary, "kubeconfig")).mode & 0o077, 0);
    });

    it("fails where a gate says no, although its output goes through a pipe", async () => {
      world.run("dev", "bff", "1.9.9");
      const { exitCode, output } = await runner.run(script, world.repository.clone, env());
      assert.notEqual(exitCode, 0, output);
      assert.equal(github.pulls.length, 0);
    });

    it("takes what a person types for a name, never for a command", async () => {
      const marker = join(runner.temporary, "owned");
      for (const SERVICE of [`$(touch ${marker})`, `bff"; touch ${marker}; "`, `--to production`]) {
        const { exitCode } = await runner.run(script, world.repository.clone, env({ SERVICE }));
        assert.notEqual(exitCode, 0, SERVICE);
      }
      assert.ok(!existsSync(marker));
      assert.equal(github.pulls.length, 0);
    });

    it("writes nothing in a dry run", async () => {
      const { exitCode, output } = await runner.run(script, world.repository.clone, env({ DRY_RUN: "true" }));
      assert.equal(exitCode, 0, output);
      assert.equal(github.pulls.length, 0);
    });

    it("carries what is ready on a schedule, and does not fail where nothing is", async () => {
      const scheduled = env({ FOLLOW_UP: "true" });
      world.run("dev", "bff", "1.9.9");
      const early = await runner.run(script, world.repository.clone, scheduled);
      assert.equal(early.exitCode, 0, early.output);
      assert.match(early.output, /REFUSED deployed bff/);
      assert.equal(github.pulls.length, 0);
      world.run("dev", "bff", "2.0.0");
      const ready = await runner.run(script, world.repository.clone, scheduled);
      assert.equal(ready.exitCode, 0, ready.output);
      assert.equal(github.pulls.length, 1);
    });

    it("fails on a schedule, too, where something is broken", async () => {
      const broken = env({ FOLLOW_UP: "true", KUBECONFIG_CONTENT: "not a kubeconfig" });
      assert.equal((await runner.run(script, world.repository.clone, broken)).exitCode, 2);
    });

    it("refuses an environment before which none comes", async () => {
      assert.equal((await runner.run(script, world.repository.clone, env({ TO: "dev" }))).exitCode, 2);
    });
  });

  describe("preview", () => {
    const preview = scriptOf("preview.yml", "stack", "Preview");
    const run = async (pulumi: string) => {
      runner.program("pulumi", pulumi);
      const result = await runner.run(preview, runner.temporary, { STACK: "dev" });
      const read = (file: string) => readFileSync(join(runner.temporary, "sections", file), "utf8");
      return { ...result, exit: read("stack-dev.exit").trim(), text: read("stack-dev.txt") };
    };

    it("keeps output and exit code of a preview that passes", async () => {
      const { exitCode, exit, text } = await run('echo "arguments: $*"');
      assert.deepEqual([exitCode, exit], [0, "0"]);
      assert.match(text, /preview --stack dev --diff --non-interactive --policy-pack policy-pack/);
    });

    it("keeps them also where a policy fails, so that the comment can tell", async () => {
      const { exitCode, exit, text } = await run("echo 'mandatory: W1'; exit 255");
      assert.deepEqual([exitCode, exit], [0, "255"]);
      assert.match(text, /mandatory: W1/);
    });

    it("counts a rule that could not be evaluated as failed", async () => {
      assert.equal((await run(`echo "advisory: can't run policy 'x' during preview"`)).exit, "1");
    });

    it("keeps diff and check of the manifests", async () => {
      runner.program("npx", 'echo "$2 of $*"; if [ "$2" = check ]; then exit 1; fi');
      const script = scriptOf("preview.yml", "manifests", "Diff and check");
      const { exitCode } = await runner.run(script, runner.temporary, { BASE: "origin/main" });
      const read = (file: string) => readFileSync(join(runner.temporary, "sections", file), "utf8").trim();
      assert.equal(exitCode, 0);
      assert.deepEqual([read("diff.exit"), read("check.exit")], ["0", "1"]);
      assert.match(read("diff.md"), /diff --base origin\/main/);
    });
  });

  describe("the comment of a pull request", () => {
    const script = scriptOf("preview.yml", "comment", "Write the comment");
    const env = () => ({ ...github.env, SAME_REPOSITORY: "true", NUMBER: "7", SECTIONS_FOLDER: "sections" });
    const all = {
      "diff.md": "| a | b |",
      "diff.exit": "0",
      "check.txt": "fine",
      "check.exit": "0",
      ...Object.fromEntries(
        ["dev", "staging", "production"].flatMap((name) => [
          [`stack-${name}.txt`, `preview of ${name}`],
          [`stack-${name}.exit`, "0"],
        ]),
      ),
    };

    it("is one, with every section", async () => {
      const { exitCode, output } = await runner.run(script, sections(all), env());
      assert.equal(exitCode, 0, output);
      assert.equal(github.comments.length, 1);
      const { body, issue } = github.comments[0]!;
      assert.equal(issue, 7);
      for (const name of ["diff", "check", "stack-dev", "stack-staging", "stack-production"])
        assert.match(body, new RegExp(`<summary>${name}: ok`));
    });

    it("is updated and not added again", async () => {
      const folder = sections(all);
      github.comments.push({ id: 1, issue: 7, body: "by a person" });
      await runner.run(script, folder, env());
      await runner.run(script, folder, env());
      assert.equal(github.comments.length, 2);
    });

    it("is written also where a policy fails, and the job fails then", async () => {
      const { exitCode } = await runner.run(
        script,
        sections({ ...all, "stack-production.exit": "255" }),
        env(),
      );
      assert.equal(exitCode, 1);
      assert.match(github.comments[0]!.body, /<details open><summary>stack-production: FAILED with 255/);
    });

    it("counts a preview that is missing as failed", async () => {
      const { "stack-staging.txt": gone, ...rest } = all as Record<string, string>;
      void gone;
      const { exitCode } = await runner.run(script, sections(rest), env());
      assert.equal(exitCode, 1);
      assert.match(github.comments[0]!.body, /stack-staging: FAILED/);
    });

    it("fits, however long the previews are, and cannot be left by a fence inside", async () => {
      const long = `${"x".repeat(200_000)}\n\`\`\`\`\`\n<script>`;
      const names = ["dev", "staging", "production"].map((name) => [`stack-${name}.txt`, long]);
      await runner.run(script, sections({ ...all, ...Object.fromEntries(names), "diff.md": long }), env());
      const { body } = github.comments[0]!;
      assert.ok(body.length < 65_536, String(body.length));
      assert.match(body, /characters left out/);
      assert.match(body, /^``````$/m);
    });

    it("says nothing on a fork's pull request but in the summary, and asks for no stack there", async () => {
      const { exitCode, output } = await runner.run(
        script,
        sections({ "diff.md": "d", "diff.exit": "0", "check.txt": "c", "check.exit": "0" }),
        {
          ...env(),
          SAME_REPOSITORY: "false",
        },
      );
      assert.equal(exitCode, 0, output);
      assert.equal(github.server.requests.length, 0);
      assert.match(readFileSync(runner.summary, "utf8"), /## Preview/);
    });
  });

  describe("deploy", () => {
    const script = scriptOf("deploy-stack.yml", "up", "Up");
    const run = async (pulumi: string) => {
      runner.program("pulumi", `echo "$*" >> ${runner.temporary}/calls\n${pulumi}`);
      const { exitCode } = await runner.run(script, runner.temporary, {
        STACK: "staging",
      });
      return { exitCode, calls: readFileSync(join(runner.temporary, "calls"), "utf8").trim().split("\n") };
    };

    it("applies the stack under the policy pack", async () => {
      const { exitCode, calls } = await run("exit 0");
      assert.equal(exitCode, 0);
      assert.match(calls.at(-1)!, /^up --stack staging --yes .*--policy-pack policy-pack$/);
    });

    it("applies nothing where the preview fails", async () => {
      const { exitCode, calls } = await run("exit 255");
      assert.notEqual(exitCode, 0);
      assert.equal(calls.length, 1);
    });

    it("applies nothing where a rule could not be evaluated", async () => {
      const { exitCode, calls } = await run(`echo "can't run policy 'x'"`);
      assert.notEqual(exitCode, 0);
      assert.equal(calls.length, 1);
    });
  });

  describe("drift", () => {
    it("of a stack is kept with its exit code", async () => {
      runner.program("pulumi", "echo 'changes: 2'; exit 1");
      const script = scriptOf("drift.yml", "stack", "Compare");
      const { exitCode } = await runner.run(script, runner.temporary, { STACK: "dev" });
      assert.equal(exitCode, 0);
      assert.equal(readFileSync(join(runner.temporary, "sections", "stack-dev.exit"), "utf8").trim(), "1");
    });

    it("of the services is found by the command itself, which leaves a page and the record of health", async () => {
      const world = await World.create({ tags });
      try {
        world.runEverything(tags);
        world.run("dev", "bff", "1.0.0");
        const { clone, remote } = world.repository;
        git(clone, "config", "user.name", "Ada");
        const script = scriptOf("drift.yml", "services", "Compare");
        const { exitCode, output } = await runner.run(script, clone, {
          KUBECONFIG_CONTENT: readFileSync(world.kubeconfig, "utf8"),
        });
        assert.equal(exitCode, 0, output);
        assert.equal(readFileSync(join(clone, "sections", "services.exit"), "utf8").trim(), "1");
        assert.match(readFileSync(join(clone, "sections", "status.html"), "utf8"), /Platform status/);
        const refs = git(remote, "for-each-ref", "--format=%(refname)", "refs/platform").split("\n");
        assert.equal(refs.length, 2);
      } finally {
        await world.remove();
      }
    });

    const script = scriptOf("drift.yml", "issue", "Keep the issue");
    const env = () => ({ ...github.env, SECTIONS: "stack-dev services", SECTIONS_FOLDER: "sections" });
    const state = (exit: string) => ({
      "stack-dev.txt": "changes",
      "stack-dev.exit": exit,
      "services.txt": "s",
      "services.exit": "0",
    });

    it("opens one issue, keeps it up to date, and closes it when nothing drifts", async () => {
      const folder = sections(state("1"));
      const opened = await runner.run(script, folder, env());
      assert.equal(opened.exitCode, 0, opened.output);
      await runner.run(script, folder, env());
      assert.deepEqual(
        github.issues.map(({ state, labels }) => [state, labels]),
        [["open", ["drift"]]],
      );
      writeFileSync(join(folder, "sections", "nested", "stack-dev.exit"), "0");
      await runner.run(script, folder, env());
      assert.equal(github.issues[0]!.state, "closed");
    });

    it("opens no issue where nothing drifts", async () => {
      await runner.run(script, sections(state("0")), env());
      assert.equal(github.issues.length, 0);
    });

    it("opens one where a report is missing", async () => {
      await runner.run(script, sections({ "services.txt": "s", "services.exit": "0" }), env());
      assert.equal(github.issues.length, 1);
    });
  });
});
