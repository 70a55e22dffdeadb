import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { git } from "../support/repository";
import { World } from "../support/world";

const tags = {
  dev: { bff: "2.0.0", audit: "1.1.0" },
  staging: { bff: "1.0.0" },
  production: { bff: "0.9.0" },
};

interface Row {
  readonly environment: string;
  readonly service: string;
  readonly cluster: string;
  readonly [field: string]: unknown;
}

describe("platform status", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.create({
      tags,
      settings: "compare: https://example.com/{{service}}/{{old}}...{{new}}\n",
    });
    world.runEverything(tags);
  });
  afterEach(() => world.remove());

  async function rows(): Promise<Row[]> {
    const { code, stdout } = await world.platform(["status", "--json"]);
    assert.equal(code, 0);
    return (JSON.parse(stdout) as { rows: Row[] }).rows;
  }

  it("has a row for every service, environment and cluster", async () => {
    world.run("production", "bff", "0.9.0", { cluster: "us" });
    const found = (await rows()).map(
      ({ environment, service, cluster }) => `${environment}/${service}/${cluster}`,
    );
    assert.deepEqual(found, [
      "dev/audit/main",
      "dev/bff/main",
      "staging/bff/main",
      "production/bff/main",
      "production/bff/us",
    ]);
  });

  it("states image in git and live, sync, health and the last promotion", async () => {
    const commit = world.repository.setImage("staging", "bff", "1.5.0");
    const row = (await rows()).find(({ environment }) => environment === "staging")!;
    assert.equal(row["git"], "1.5.0");
    assert.deepEqual(row["live"], ["1.0.0"]);
    assert.deepEqual([row["sync"], row["health"]], ["Synced", "Healthy"]);
    assert.equal((row["promoted"] as { commit: string }).commit, commit);
    assert.equal(row["drift"], "still runs 1.0.0");
  });

  it("says how far an environment is behind the one before it, and with what to compare", async () => {
    world.repository.setImage("dev", "bff", "2.1.0");
    world.repository.setImage("dev", "bff", "2.2.0");
    world.repository.setImage("staging", "bff", "2.0.0");
    const [dev, staging] = (await rows())
      .filter(({ service }) => service === "bff")
      .map((row) => row["behind"]);
    assert.equal(dev, undefined);
    assert.deepEqual(staging, {
      environment: "dev",
      version: "2.2.0",
      deliveries: 2,
      compare: "https://example.com/bff/2.0.0...2.2.0",
    });
    assert.match((await world.platform(["status"])).stdout, /dev 2\.2\.0 \(\+2\)/);
  });

  it("counts no deliveries where the environment before never had the image", async () => {
    world.repository.setImage("staging", "bff", "1.7.0-hotfix");
    const row = (await rows()).find(({ environment }) => environment === "staging")!;
    assert.equal((row["behind"] as { deliveries?: number }).deliveries, undefined);
    assert.match((await world.platform(["status"])).stdout, /dev 2\.0\.0 {2}/);
  });

  it("compares one environment alone with the one before it, too", async () => {
    const { stdout } = await world.platform(["status", "--environment", "production", "--json"]);
    const { rows: found } = JSON.parse(stdout) as { rows: Row[] };
    assert.deepEqual(
      found.map(({ service, environment, behind }) => [service, environment, (behind as Row).environment]),
      [["bff", "production", "staging"]],
    );
  });

  it("refuses a page that cannot be written before it asks anybody", async () => {
    const file = join(world.repository.folder, "nowhere", "status.html");
    const { code, stdout, stderr } = await world.platform(["status", "--html", file]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /--html .*nowhere.*: there is no such folder/);
  });

  it("reads the step of a Rollout where it runs", async () => {
    world.run("staging", "bff", "1.0.0", { rollout: true, health: "Suspended" });
    world.hubs.staging.rollouts.set("bff", {
      spec: { strategy: { canary: { steps: [{}, {}, {}] } } },
      status: { currentStepIndex: 1, phase: "Paused" },
    });
    const row = (await rows()).find(({ environment }) => environment === "staging")!;
    assert.equal(row["step"], "step 2 of 3, Paused");
  });

  describe("of a canary that cannot go on by itself", () => {
    const canary = async (status: object): Promise<string> => {
      world.run("production", "bff", "0.9.0", { rollout: true, health: "Degraded" });
      const spec = { strategy: { canary: { steps: [{}, {}, {}] } } };
      world.hubs.production.rollouts.set("bff", { spec, status: { currentStepIndex: 1, ...status } });
      return (await world.platform(["status"])).stdout;
    };
    const rollback = "platform rollback --service bff --environment production";

    it("says why it was aborted, and what to do in git", async () => {
      const message =
        'RolloutAborted: Rollout aborted update to revision 3: Step-based analysis phase error/failed: Metric "latency" assessed Failed due to failed (2) > failureLimit (1)';
      const text = await canary({ abort: true, phase: "Degraded", message });
      assert.match(
        text,
        new RegExp(`git still asks for 0.9.0: run npx ${rollback} --reason "canary aborted"`),
      );
      assert.equal(
        (await rows()).find(({ step }) => step)!["step"],
        `aborted: ${message.slice(message.indexOf("Metric"))}`,
      );
    });

    it("says that an inconclusive one waits, and for what", async () => {
      const pauseConditions = [{ reason: "InconclusiveAnalysisRun" }];
      const text = await canary({ phase: "Paused", pauseConditions });
      assert.match(text, new RegExp(`the canary waits for you.*resuming.* run npx ${rollback} `));
      const step = "step 2 of 3, Paused, its analysis was inconclusive";
      assert.equal((await rows()).find(({ step }) => step)!["step"], step);
    });

    it("says nothing of one that pauses as its steps tell it to", async () => {
      const text = await canary({ phase: "Paused", pauseConditions: [{ reason: "CanaryPauseStep" }] });
      assert.doesNotMatch(text, /platform rollback/);
    });
  });

  it("says why where an environment cannot be read, and still shows the others", async () => {
    world.hubs.staging.status = 503;
    const { code, stdout, stderr } = await world.platform(["status"]);
    assert.equal(code, 0);
    assert.match(stderr, /Applications of staging: HTTP 503/);
    assert.match(stdout, /production/);
  });

  it("ends with 1 for drift where that is asked for", async () => {
    assert.equal((await world.platform(["status", "--fail-on-drift"])).code, 0);
    world.run("production", "bff", "0.9.0", { sync: "OutOfSync" });
    assert.equal((await world.platform(["status", "--fail-on-drift"])).code, 1);
  });

  it("takes an environment that cannot be read for drift", async () => {
    world.hubs.production.status = 401;
    assert.equal((await world.platform(["status", "--fail-on-drift"])).code, 1);
  });

  it("shows who holds automated sync back", async () => {
    world.hubs.production.patch("bff-main", {
      metadata: { annotations: { "gitops-platform/freeze": "rollback by Ada" } },
    });
    assert.match((await world.platform(["status"])).stdout, /frozen: rollback by Ada/);
  });

  it("keeps on record which images are healthy, and only those", async () => {
    world.run("staging", "bff", "1.0.0", { health: "Degraded" });
    await world.platform(["status", "--record"]);
    const refs = git(world.repository.remote, "for-each-ref", "--format=%(refname)", "refs/platform").split(
      "\n",
    );
    assert.deepEqual(refs.map((ref) => ref.split("/").slice(3, 5).join("/")).sort(), [
      "dev/audit",
      "dev/bff",
      "production/bff",
    ]);
  });

  it("keeps control sequences of a cluster away from the terminal", async () => {
    world.run("dev", "bff", "2.0.0", { conditions: [{ type: "SyncError", message: "\u001b[2Jgone" }] });
    assert.doesNotMatch((await world.platform(["status"])).stdout, /\u001b\[2J/);
  });

  it("writes one page that loads nothing and escapes other people's text", async () => {
    world.run("dev", "bff", "2.0.0", {
      conditions: [{ type: "SyncError", message: '<img src=x onerror="alert(1)">' }],
    });
    const file = join(world.repository.folder, "status.html");
    await world.platform(["status", "--html", file]);
    const page = readFileSync(file, "utf8");
    assert.match(page, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/);
    assert.doesNotMatch(page, /<(img|link|iframe|script [^>]*src)/);
    assert.match(page, /default-src &#39;none&#39;/);
  });
});
