import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { sandboxLayout } from "../../../sandbox/layout";
import { writePrivateFile } from "../../../sandbox/processes/atomic-file";
import { findByEnvironment, identify, isRunning } from "../../../sandbox/processes/identity";
import { acquireLock, releaseLock } from "../../../sandbox/processes/lock";
import { isPortFree } from "../../../sandbox/processes/ports";
import { stopProcesses } from "../../../sandbox/processes/stop";
import {
  type ProcessSpec,
  ensureProcess,
  runningProcesses,
  stopAllProcesses,
  stopUnrecordedProcesses,
  waitUntilReady,
} from "../../../sandbox/processes/supervisor";

function sleeper(env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    env: { ...process.env, ...env },
  });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  assert.ok(identity);
  return identity;
}

/** A process whose parent has ended, as a killed command leaves it. */
async function orphanedSleeper(env: NodeJS.ProcessEnv) {
  const sleep = "setInterval(() => {}, 1000)";
  const start = `console.log(require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(sleep)}], { detached: true, stdio: "ignore" }).pid); process.exit()`;
  const { stdout } = await execa(process.execPath, ["-e", start], { env });
  const identity = identify(Number(stdout));
  assert.ok(identity);
  return identity;
}

describe("processes", () => {
  let directory = "";
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "processes-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  describe("an identity", () => {
    it("does not fit another process that has the same pid", () => {
      const self = identify(process.pid);
      assert.ok(self && isRunning(self));
      assert.equal(isRunning({ ...self, startedAt: "another time" }), false);
    });

    it("is gone with its process", async () => {
      const process_ = sleeper();
      await stopProcesses([process_]);
      assert.equal(identify(process_.pid), undefined);
    });
  });

  it("are found by a variable of their environment, by its exact value", async () => {
    const process_ = sleeper({ SANDBOX_TEST: directory });
    const pids = (value: string) => findByEnvironment("SANDBOX_TEST", value).map(({ pid }) => pid);
    assert.deepEqual(pids(directory), [process_.pid]);
    assert.deepEqual(pids(directory.slice(0, -1)), []);
    await stopProcesses([process_]);
  });

  it("are left alone when only the pid fits", async () => {
    const process_ = sleeper();
    await stopProcesses([{ ...process_, startedAt: "another time" }]);
    assert.ok(isRunning(process_));
    await stopProcesses([process_]);
  });

  describe("a lock", () => {
    const path = () => join(directory, "lock");

    it("is taken once and can be taken after its release", () => {
      assert.equal(acquireLock(path()), undefined);
      releaseLock(path());
      assert.equal(acquireLock(path()), undefined);
    });

    it("names the running process that holds it", async () => {
      const holder = sleeper();
      writeFileSync(path(), JSON.stringify(holder));
      assert.equal(acquireLock(path())?.pid, holder.pid);
      await stopProcesses([holder]);
    });

    it("of a dead process counts as free", () => {
      writeFileSync(path(), JSON.stringify({ pid: process.ppid, startedAt: "another time" }));
      assert.equal(acquireLock(path()), undefined);
    });

    it("that was written in part counts as free", () => {
      writeFileSync(path(), "{");
      assert.equal(acquireLock(path()), undefined);
    });
  });

  it("see a port in use as not free", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
    );
    assert.equal(await isPortFree(port), false);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await isPortFree(port), true);
  });

  it("write files that only their owner can read", () => {
    const path = join(directory, "secret");
    writePrivateFile(path, "text");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(path, "utf8"), "text");
  });

  describe("of a sandbox", () => {
    const layout = () => sandboxLayout(directory, 20000);
    const spec = (code: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
      name: "part",
      command: process.execPath,
      args: ["-e", code],
      ports: [],
      ready: () => Promise.resolve(true),
      ...more,
    });
    const forever = "setInterval(() => {}, 1000)";
    afterEach(() => stopAllProcesses(layout()));

    it("are left alone while nothing about them changes", async () => {
      assert.equal(await ensureProcess(layout(), spec(forever)), true);
      const [first] = runningProcesses(layout());
      assert.equal(await ensureProcess(layout(), spec(forever)), false);
      assert.equal(runningProcesses(layout())[0]?.pid, first?.pid);
    });

    it("are started anew when their environment changes", async () => {
      await ensureProcess(layout(), spec(forever));
      const [first] = runningProcesses(layout());
      await ensureProcess(layout(), spec(forever, { env: { PASSWORD: "new" } }));
      const running = runningProcesses(layout());
      assert.equal(running.length, 1);
      assert.notEqual(running[0]?.pid, first?.pid);
    });

    it("leave no value of their environment in the record", async () => {
      await ensureProcess(layout(), spec(forever, { env: { PASSWORD: "very secret" } }));
      assert.doesNotMatch(readFileSync(join(layout().processes, "part.json"), "utf8"), /very secret/);
    });

    it("refuse a port that another program has", async () => {
      const server = createServer();
      const port = await new Promise<number>((resolve) =>
        server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
      );
      await assert.rejects(ensureProcess(layout(), spec(forever, { ports: [port] })), {
        message: `Port ${port}, which part needs, is in use by another program`,
      });
      await new Promise((resolve) => server.close(resolve));
    });

    it("that end before they answer are reported with their last words", async () => {
      const failing = spec("console.error('no such disk'); process.exit(3)", {
        ready: () => Promise.resolve(false),
      });
      await ensureProcess(layout(), failing);
      await assert.rejects(waitUntilReady(layout(), failing), /part ended:\nno such disk/);
    });

    it("that were started and never recorded are ended, the recorded ones are not", async () => {
      await ensureProcess(layout(), spec(forever));
      const orphan = await orphanedSleeper({ GITOPS_PLATFORM_SANDBOX: directory });
      const recorded = runningProcesses(layout());
      await stopUnrecordedProcesses(layout());
      assert.equal(isRunning(orphan), false);
      assert.ok(recorded.every(isRunning));
    });
  });
});
