import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { sandboxLayout } from "../../sandbox/layout";
import { TestSandbox } from "./sandbox-command";

describe("an interrupted up", () => {
  const neighbour = new TestSandbox(22440);
  const sandbox = new TestSandbox(23440);
  after(() => Promise.all([sandbox.remove(), neighbour.remove()]));

  it("names the occupied port and the variable to set, and works once the port is free", async () => {
    const { ports } = sandboxLayout(sandbox.directory, sandbox.port).hub;
    const blocker = createServer().listen(ports.kubernetes, "127.0.0.1");
    await new Promise((resolve) => blocker.once("listening", resolve));
    const { exitCode, output } = await sandbox.run("up");
    await new Promise((resolve) => blocker.close(resolve));
    assert.equal(exitCode, 1, output);
    assert.match(output, new RegExp(`error: Port ${ports.kubernetes}, .*kube-apiserver`));
    assert.match(output, /fix: .*SANDBOX_PORT=/);
  });

  // Each moment is reached by the `up` after the one before was killed, in the same sandbox.
  const moments = [
    { title: "while the control plane starts", moment: /› kube-controller-manager/ },
    { title: "while the stack is previewed", moment: /❯ Pulumi: preview[\s\S]*› \d+ create/ },
    { title: "early in the update", moment: /❯ Pulumi: up[\s\S]*› (?:[89]|1\d) create/ },
    { title: "late in the update", moment: /❯ Pulumi: up[\s\S]*› (?:\d+ same, )?[34]\d create|✔ Pulumi: up/ },
    { title: "while Argo CD delivers", moment: /❯ Argo CD: deliver/ },
  ];

  for (const { title, moment } of moments) {
    it(`can be killed ${title}`, () => sandbox.killUpWhen(moment));
  }

  it("leaves the state in files that are replaced as a whole", () => {
    const { backend } = sandboxLayout(sandbox.directory, sandbox.port);
    const files = readdirSync(backend, { recursive: true }).map(String);
    assert.ok(
      files.some((file) => file.endsWith("dev.json")),
      files.join("\n"),
    );
    // The file backend writes these in place; one that a kill cuts off makes the state unreadable.
    assert.deepEqual(
      files.filter((file) => file.endsWith(".attrs")),
      [],
    );
  });

  it("converges when it is run again, beside a second sandbox that comes up at the same time", async () => {
    const ends = await Promise.allSettled([sandbox.succeed("up"), neighbour.succeed("up")]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    for (const one of [sandbox, neighbour]) {
      assert.match(await one.kubectl("get", "applications", "-A"), /bff-dev\s+Synced\s+Healthy/);
    }
    const output = await sandbox.succeed("up");
    assert.match(output, /^No changes: \d+ resources unchanged\.$/m);
  });
});
