import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseCgiHead } from "../../../sandbox/git/http-backend";
import { pushEvent } from "../../../sandbox/git/push-event";
import {
  changedFiles,
  deliversHead,
  ensureRepository,
  followWorkTree,
  servedHead,
} from "../../../sandbox/git/repository";

describe("the served repository", () => {
  let directory = "";
  const workTree = () => join(directory, "work-tree");
  const repository = () => join(directory, "repository.git");

  async function git(cwd: string, ...args: string[]): Promise<string> {
    const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com"];
    return (await execa("git", [...identity, ...args], { cwd })).stdout;
  }

  async function commit(cwd: string, file: string): Promise<string> {
    writeFileSync(join(cwd, file), file);
    await git(cwd, "add", ".");
    await git(cwd, "commit", "--quiet", "-m", file);
    return git(cwd, "rev-parse", "HEAD");
  }

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "served-"));
    await execa("git", ["init", "--quiet", "--initial-branch=trunk", workTree()]);
    await ensureRepository(repository(), directory);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("has no head before the first commit arrives", async () => {
    assert.equal(await servedHead(repository()), undefined);
  });

  it("refuses a work tree without a commit and says how to make one", async () => {
    await assert.rejects(followWorkTree(repository(), workTree()), /has no git commit/);
  });

  it("follows the work tree, whatever its branch is called", async () => {
    const first = await commit(workTree(), "a");
    assert.equal(await followWorkTree(repository(), workTree()), "moved");
    assert.equal(await servedHead(repository()), first);
    const second = await commit(workTree(), "b");
    assert.equal(await followWorkTree(repository(), workTree()), "moved");
    assert.equal(await servedHead(repository()), second);
    assert.equal(await followWorkTree(repository(), workTree()), "unchanged");
  });

  it("follows a work tree with a detached head", async () => {
    await commit(workTree(), "a");
    await git(workTree(), "checkout", "--quiet", "--detach");
    const head = await commit(workTree(), "b");
    await followWorkTree(repository(), workTree());
    assert.equal(await servedHead(repository()), head);
  });

  it("follows a shallow work tree", async () => {
    await commit(workTree(), "a");
    const head = await commit(workTree(), "b");
    const shallow = join(directory, "shallow");
    await execa("git", ["clone", "--quiet", "--depth=1", `file://${workTree()}`, shallow]);
    await followWorkTree(repository(), shallow);
    assert.equal(await servedHead(repository()), head);
  });

  it("keeps commits that were pushed to it and that the work tree lacks", async () => {
    await commit(workTree(), "a");
    await followWorkTree(repository(), workTree());
    const clone = join(directory, "clone");
    await execa("git", ["clone", "--quiet", repository(), clone]);
    const pushed = await commit(clone, "pushed");
    await git(clone, "push", "--quiet", "origin", "main");

    assert.equal(await followWorkTree(repository(), workTree()), "unchanged");
    assert.equal(await servedHead(repository()), pushed);
    await commit(workTree(), "c");
    assert.equal(await followWorkTree(repository(), workTree()), "diverged");
    assert.equal(await servedHead(repository()), pushed);
  });

  it("delivers the same at a commit after which only other folders have changed", async () => {
    mkdirSync(join(workTree(), "infrastructure"));
    const delivered = await commit(workTree(), "infrastructure/a");
    await commit(workTree(), "docs");
    await followWorkTree(repository(), workTree());
    assert.equal(await deliversHead(repository(), delivered), true);
    await commit(workTree(), "infrastructure/b");
    await followWorkTree(repository(), workTree());
    assert.equal(await deliversHead(repository(), delivered), false);
    assert.equal(await deliversHead(repository(), ""), false);
  });

  it("knows the files that a push has changed, also those with blanks in their names", async () => {
    const first = await commit(workTree(), "a");
    const second = await commit(workTree(), "b c");
    await followWorkTree(repository(), workTree());
    assert.deepEqual(await changedFiles(repository(), first, second), ["b c"]);
    assert.deepEqual(await changedFiles(repository(), undefined, second), ["a", "b c"]);
  });
});

describe("the answer of git's http-backend", () => {
  it("is not read before its headers are complete", () => {
    assert.equal(parseCgiHead(Buffer.from("Content-Type: text/plain\r\n")), undefined);
  });

  it("is split into status, headers and the bytes that follow", () => {
    const answer = parseCgiHead(
      Buffer.from("Status: 404 Not Found\r\nContent-Type: a/b; c=d\r\n\r\nbody\r\n\r\nrest"),
    );
    assert.equal(answer?.status, 404);
    assert.deepEqual(answer.headers, { "Content-Type": "a/b; c=d" });
    assert.equal(answer.body.toString(), "body\r\n\r\nrest");
  });

  it("has status 200 where it names none", () => {
    assert.equal(parseCgiHead(Buffer.from("Content-Type: a/b\r\n\r\n"))?.status, 200);
  });
});

describe("the announcement of a push", () => {
  const push = {
    repositoryUrl: "https://127.0.0.1:1/platform",
    branch: "main",
    before: undefined,
    after: "b",
    files: ["f"],
  };

  it("is signed over exactly the bytes that are sent", () => {
    const { body, headers } = pushEvent(push, "secret");
    const signature = createHmac("sha256", "secret").update(body).digest("hex");
    assert.equal(headers["x-hub-signature-256"], `sha256=${signature}`);
  });

  it("names the changed files, by which Argo CD chooses the Applications", () => {
    const { commits } = JSON.parse(pushEvent(push, "secret").body) as { commits: { modified: string[] }[] };
    assert.deepEqual(commits[0]?.modified, ["f"]);
  });
});
