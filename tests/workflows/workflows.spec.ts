import assert from "node:assert/strict";
import { readWorkflows } from "./workflow";

const workflows = readWorkflows();
const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ workflow, name, job })),
);
const steps = jobs.flatMap(({ workflow, name, job }) =>
  (job.steps ?? []).map((step) => ({ workflow, name, job, step })),
);

describe("the workflows", () => {
  it("pin every action by commit, and say which version that is", () => {
    for (const workflow of workflows) {
      for (const [, action = ""] of workflow.text.matchAll(/uses: (.+)/g)) {
        assert.match(action, /^(\.\/.+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/, workflow.file);
      }
    }
    assert.ok(steps.some(({ step }) => step.uses));
  });

  it("hand no expression to a shell", () => {
    const handed = steps.filter(({ step }) => step.run?.includes("${{"));
    assert.deepEqual(
      handed.map(({ workflow, step }) => `${workflow.file}: ${step.name}`),
      [],
    );
  });

  it("name their shell, so that no failure before a pipe is lost", () => {
    for (const { file, text } of workflows.filter(({ text }) => /^\s+run:/m.test(text))) {
      assert.match(text, /^defaults:\n {2}run:\n(?: {4}#.*\n)* {4}shell: bash$/m, file);
    }
  });

  it("give no right to the workflow as a whole, and name those of each job", () => {
    for (const workflow of workflows) assert.deepEqual(workflow.permissions, {}, workflow.file);
    for (const { workflow, name, job } of jobs) assert.ok(job.permissions, `${workflow.file}: ${name}`);
  });

  it("let only four jobs write, and none more than its own thing", () => {
    const writing = jobs.flatMap(({ workflow, name, job }) => {
      const rights = Object.entries(job.permissions ?? {})
        .filter(([, right]) => right === "write")
        .map(([right]) => right);
      return rights.length > 0 ? [`${workflow.file} ${name}: ${rights.join(", ")}`] : [];
    });
    assert.deepEqual(writing, [
      "drift.yml services: contents",
      "drift.yml issue: issues",
      "preview.yml comment: pull-requests",
      "promote.yml promote: contents, pull-requests",
    ]);
  });

  it("never run a fork's code with the rights of the target", () => {
    for (const { file, on } of workflows) {
      assert.ok(!("pull_request_target" in on) && !("workflow_run" in on), file);
    }
  });

  it("give secrets to a pull request only where it comes from this repository", () => {
    for (const { workflow, name, job } of jobs.filter(({ workflow }) => "pull_request" in workflow.on)) {
      const secret = JSON.stringify(job).includes("secrets.");
      if (secret)
        assert.match(
          job.if ?? "",
          /head\.repo\.full_name == github\.repository/,
          `${workflow.file}: ${name}`,
        );
    }
  });

  it("keep the checkout's credentials only where something is pushed", () => {
    for (const { workflow, name, job, step } of steps.filter(({ step }) =>
      step.uses?.startsWith("actions/checkout@"),
    )) {
      const pushes = job.permissions?.["contents"] === "write";
      assert.equal(String(step.with?.["persist-credentials"]), String(pushes), `${workflow.file}: ${name}`);
    }
  });

  it("end by themselves, on a named system", () => {
    for (const { workflow, name, job } of jobs.filter(({ job }) => !job.uses)) {
      assert.ok(job["timeout-minutes"], `${workflow.file}: ${name}`);
      assert.match(job["runs-on"] ?? "", /^ubuntu-\d\d\.\d\d$/);
    }
  });

  it("deploy each environment only under its own rules, one after the other", () => {
    const deploy = workflows.find(({ file }) => file === "deploy.yml")!;
    assert.deepEqual(
      Object.values(deploy.jobs).map((job) => (job as { needs?: string }).needs),
      [undefined, "dev", "staging"],
    );
    const called = workflows.find(({ file }) => file === "deploy-stack.yml")!;
    assert.equal(called.jobs["up"]!.environment, "${{ inputs.stack }}");
  });
});
