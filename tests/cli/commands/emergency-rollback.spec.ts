import assert from "node:assert/strict";
import { FakeGitHub } from "../support/github";
import type { Hub } from "../support/hub";
import { git } from "../support/repository";
import { World } from "../support/world";

const tags = { dev: { bff: "1.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };
const emergency = [
  "emergency-rollback",
  ...["--service", "bff", "--environment", "production"],
  ...["--reason", "checkout fails", "--yes", "--wait", "3"],
];
const direct = [...emergency, "--push-directly", "nobody is awake to review"];

interface Live {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly spec: { readonly syncPolicy: { readonly automated: { readonly enabled?: boolean } } };
  readonly operation?: { readonly sync: { readonly revision: string } };
  readonly status: { readonly operationState?: { readonly phase: string } };
}

/** Plays Argo CD: carries out operations, compares on refresh, and applies the branch's head while automation is on. */
function playArgoCd(world: World, history: string[] = []) {
  const { repository } = world;
  const imageAt = (commit: string) =>
    `ghcr.io/platform/bff:${/newTag: "(.*)"/.exec(git(repository.remote, "show", `${commit}:infrastructure/k8s/overlays/production/bff/image.yaml`))![1]}`;
  return (name: string, hub: Hub) => {
    const live = hub.applications.get(name) as unknown as Live;
    history.push(
      JSON.stringify({
        enabled: live.spec.syncPolicy.automated.enabled,
        operation: live.operation?.sync.revision,
      }),
    );
    if (live.status.operationState?.phase === "Terminating") {
      return hub.patch(name, {
        operation: null,
        status: { operationState: { phase: "Failed", message: "terminated" } },
      });
    }
    const automated = live.spec.syncPolicy.automated.enabled !== false;
    const revision = live.operation?.sync.revision ?? (automated ? repository.head() : undefined);
    if (revision) {
      hub.patch(name, {
        operation: null,
        status: {
          summary: { images: [imageAt(revision)] },
          operationState: { phase: "Succeeded", message: "synced", syncResult: { revision } },
        },
      });
    }
    const head = repository.head();
    const running = (hub.applications.get(name) as { status: { summary: { images: string[] } } }).status
      .summary.images[0];
    hub.patch(name, {
      status: { sync: { status: running === imageAt(head) ? "Synced" : "OutOfSync", revision: head } },
    });
  };
}

function automation(world: World): (boolean | undefined)[] {
  return [...world.hubs.production.applications.values()].map(
    (object) => (object as unknown as Live).spec.syncPolicy.automated.enabled,
  );
}

describe("platform emergency-rollback", () => {
  let world: World;
  let first: string;
  beforeEach(async () => {
    world = await World.create({ tags });
    first = git(world.repository.remote, "rev-list", "--max-parents=0", "main");
    git(world.repository.remote, "update-ref", `refs/platform/healthy/production/bff/${first}`, first);
    world.repository.setImage("production", "bff", "2.0.0");
    for (const cluster of ["eu", "us"]) world.run("production", "bff", "2.0.0", { cluster });
    world.hubs.production.react = playArgoCd(world);
  });
  afterEach(() => world.remove());

  it("brings the old image back everywhere and ends with automated sync on", async () => {
    const { code, stdout, stderr } = await world.platform(direct);
    assert.equal(code, 0, stderr + stdout);
    assert.equal(world.repository.tag("production", "bff"), "1.0.0");
    assert.deepEqual(automation(world), [undefined, undefined]);
    assert.match(
      stdout,
      /1\/5 frozen: bff-eu, bff-us.*2\/5 pinned.*3\/5 live.*4\/5 on main.*5\/5 automated sync is on again/s,
    );
  });

  it("freezes every cluster before anything else is changed, and syncs only while frozen", async () => {
    const history: string[] = [];
    world.hubs.production.react = playArgoCd(world, history);
    await world.platform(direct);
    const syncs = history.filter((entry) => entry.includes("operation"));
    assert.ok(syncs.length >= 2);
    syncs.forEach((entry) => assert.match(entry, /"enabled":false/));
    assert.match(history[0]!, /"enabled":false/);
  });

  it("writes who, why and the missing review into the commit", async () => {
    await world.platform(direct);
    const message = git(world.repository.remote, "log", "-1", "--format=%B", "main");
    assert.match(
      message,
      /Emergency: checkout fails\nRequested-by: Ada <ada@example\.com>\nPushed-directly: nobody is awake to review/,
    );
  });

  it("does not go back one version further when it is run again", async () => {
    world.repository.setImage("production", "bff", "3.0.0");
    const second = world.repository.head("main~1");
    git(world.repository.remote, "update-ref", `refs/platform/healthy/production/bff/${second}`, second);
    assert.equal((await world.platform(direct)).code, 0);
    assert.equal(world.repository.tag("production", "bff"), "2.0.0");
    const head = world.repository.head();
    const { code, stdout } = await world.platform(direct);
    assert.equal(code, 0);
    assert.match(stdout, /Git states 2\.0\.0 already/);
    assert.equal(world.repository.head(), head);
    assert.deepEqual(automation(world), [undefined, undefined]);
  });

  it("goes on where an interrupted run has frozen and pinned, without being told the version again", async () => {
    world.hubs.production.react = (name, hub) => {
      const { operation } = hub.applications.get(name) as unknown as Live;
      if (operation) hub.status = 500;
    };
    assert.equal((await world.platform(direct)).code, 2);
    assert.deepEqual(automation(world), [false, false]);
    assert.equal(world.repository.tag("production", "bff"), "1.0.0");
    const head = world.repository.head();
    world.hubs.production.status = 200;
    world.hubs.production.react = playArgoCd(world);
    const { code, stdout, stderr } = await world.platform(direct);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Git states 1\.0\.0 already/);
    assert.equal(world.repository.head(), head, "no second commit");
    assert.deepEqual(automation(world), [undefined, undefined]);
  });

  it("ends a sync of the bad commit that is still running", async () => {
    const bad = world.repository.head();
    const play = playArgoCd(world);
    world.hubs.production.react = (name, hub) => {
      const { operation, status } = hub.applications.get(name) as unknown as Live;
      const hangs = operation?.sync.revision === bad && status.operationState?.phase !== "Terminating";
      if (!hangs) play(name, hub);
    };
    world.hubs.production.patch("bff-eu", {
      operation: { sync: { revision: bad } },
      status: { operationState: { phase: "Running", syncResult: { revision: bad } } },
    });
    const { code, stdout, stderr } = await world.platform(direct);
    assert.equal(code, 0, stdout + stderr);
    const terminations = world.hubs.production.requests.filter(({ body }) => body.includes("Terminating"));
    assert.equal(terminations.length, 1);
  });

  it("stays frozen and says so where the sync fails", async () => {
    world.hubs.production.react = (name, hub) => {
      const { operation } = hub.applications.get(name) as unknown as Live;
      if (!operation) return;
      hub.patch(name, {
        operation: null,
        status: { operationState: { phase: "Failed", message: "quota", syncResult: operation.sync } },
      });
    };
    const { code, stderr } = await world.platform(direct);
    assert.equal(code, 1);
    assert.match(stderr, /could not be synced: quota\. It stays frozen/);
    assert.deepEqual(automation(world), [false, false]);
  });

  it("leaves automation off where somebody else switched it off", async () => {
    world.hubs.production.patch("bff-us", { spec: { syncPolicy: { automated: { enabled: false } } } });
    const { code, stdout, stderr } = await world.platform(direct);
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(automation(world), [undefined, false]);
  });

  it("refuses before it freezes anything where a window would hold back a sync by hand too", async () => {
    world.hubs.production.syncWindows = [
      { kind: "deny", schedule: "* * * * *", duration: "1h", applications: ["*"] },
    ];
    const { code, stderr } = await world.platform(direct);
    assert.equal(code, 1);
    assert.match(stderr, /manualSync/);
    assert.deepEqual(automation(world), [undefined, undefined]);
  });

  it("passes a closed window that has manualSync", async () => {
    world.hubs.production.syncWindows = [
      { kind: "deny", schedule: "* * * * *", duration: "1h", applications: ["*"], manualSync: true },
    ];
    assert.equal((await world.platform(direct)).code, 0);
  });

  it("falls back to what Argo CD once synced where no health is on record", async () => {
    git(world.repository.remote, "update-ref", "-d", `refs/platform/healthy/production/bff/${first}`);
    const nothing = await world.platform([...direct, "--dry-run"]);
    assert.equal(nothing.code, 1);
    world.hubs.production.patch("bff-eu", {
      status: { history: [{ revision: first, deployedAt: "2026-01-01T00:00:00Z" }] },
    });
    assert.equal((await world.platform(direct)).code, 0);
    assert.equal(world.repository.tag("production", "bff"), "1.0.0");
  });

  it("pushes to the branch only with a reason for it", async () => {
    const { code, stderr } = await world.platform(emergency);
    assert.equal(code, 2);
    assert.match(stderr, /--push-directly/);
    assert.deepEqual(automation(world), [undefined, undefined]);
  });

  it("demands a reason", async () => {
    const { code, stderr } = await world.platform([
      "emergency-rollback",
      "--service",
      "bff",
      "--environment",
      "production",
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /--reason/);
  });

  it("shows the plan and touches nothing with --dry-run", async () => {
    const { code, stdout } = await world.platform([...direct, "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /2\.0\.0 -> 1\.0\.0/);
    assert.deepEqual(automation(world), [undefined, undefined]);
    assert.equal(world.repository.tag("production", "bff"), "2.0.0");
  });
});

describe("platform emergency-rollback through a pull request", () => {
  it("is live before the merge, stays frozen until it, and finishes after it", async () => {
    const world = await World.create({ tags, settings: "github: organization/platform\n" });
    const github = await FakeGitHub.start();
    try {
      const first = git(world.repository.remote, "rev-list", "--max-parents=0", "main");
      git(world.repository.remote, "update-ref", `refs/platform/healthy/production/bff/${first}`, first);
      world.repository.setImage("production", "bff", "2.0.0");
      world.run("production", "bff", "2.0.0");
      world.hubs.production.react = playArgoCd(world);
      const before = await world.platform(emergency, github.env);
      assert.equal(before.code, 1, before.stdout);
      assert.match(before.stdout, /3\/5 live and healthy: ghcr\.io\/platform\/bff:1\.0\.0/);
      assert.match(before.stderr, /Merge https:\/\/github\.example\.com\/.*until then it stays frozen/);
      assert.equal(world.repository.tag("production", "bff"), "2.0.0");
      assert.deepEqual(automation(world), [false]);

      git(world.repository.remote, "update-ref", "refs/heads/main", "refs/heads/rollback/production/bff");
      github.pulls[0]!.state = "closed";
      const after = await world.platform(emergency, github.env);
      assert.equal(after.code, 0, after.stdout + after.stderr);
      assert.deepEqual(automation(world), [undefined]);
      assert.equal(github.pulls.length, 1);
    } finally {
      await github.stop();
      await world.remove();
    }
  });
});
