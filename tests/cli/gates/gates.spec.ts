import assert from "node:assert/strict";
import { readApplication } from "../../../cli/cluster/application";
import type { SyncWindow } from "../../../cli/cluster/sync-window";
import { judgeApproval } from "../../../cli/gates/approval";
import { judgeCharts } from "../../../cli/gates/charts";
import { judgeDeployed } from "../../../cli/gates/deployed";
import { judgeEndpoint } from "../../../cli/gates/endpoint";
import { judgeImage } from "../../../cli/gates/image";
import type { Finding } from "../../../cli/manifests/finding";
import { judgePolicy } from "../../../cli/gates/policy";
import { judgeSoak } from "../../../cli/gates/soak";
import { judgeWindow } from "../../../cli/gates/window";
import { applicationObject, type ApplicationFacts } from "../support/hub";
import { digestOf } from "../support/repository";

const name = "ghcr.io/platform/bff";
const image = { name, tag: "2.0.0", digest: undefined };

function application(
  facts: Partial<ApplicationFacts> = {},
  change: (object: Record<string, unknown>) => void = () => {},
) {
  const object = applicationObject({
    service: "bff",
    environment: "dev",
    images: [`${name}:2.0.0`],
    ...facts,
  });
  change(object);
  return readApplication(object);
}

describe("the deployed gate", () => {
  it("passes where every cluster runs exactly the image, Synced and Healthy", () => {
    const verdict = judgeDeployed("bff", image, [
      application({ cluster: "eu" }),
      application({ cluster: "us" }),
    ]);
    assert.deepEqual([verdict.passed, verdict.reason], [true, "2.0.0 is Synced and Healthy in eu, us"]);
  });

  it("minds sidecars of other repositories not at all", () => {
    assert.equal(
      judgeDeployed("bff", image, [
        application({ images: [`${name}:2.0.0`, "ghcr.io/platform/bff-proxy:9"] }),
      ]).passed,
      true,
    );
  });

  it("tells a digest from the same tag without", () => {
    const pinned = { ...image, digest: digestOf("a") };
    assert.equal(judgeDeployed("bff", pinned, [application()]).passed, false);
    assert.equal(
      judgeDeployed("bff", pinned, [application({ images: [`${name}:2.0.0@${digestOf("a")}`] })]).passed,
      true,
    );
  });

  const refused: [string, Partial<ApplicationFacts>, RegExp][] = [
    ["another version", { images: [`${name}:1.0.0`] }, /still runs 1\.0\.0/],
    [
      "both versions, half-way through a rollout",
      { images: [`${name}:1.0.0`, `${name}:2.0.0`] },
      /still runs 1\.0\.0/,
    ],
    ["no pods at all", { images: [] }, /does not run 2\.0\.0/],
    ["OutOfSync", { sync: "OutOfSync" }, /is OutOfSync/],
    ["sync Unknown", { sync: "Unknown" }, /is Unknown/],
    ["Progressing", { health: "Progressing" }, /is Progressing/],
    ["Degraded", { health: "Degraded" }, /is Degraded/],
    ["Suspended, which a paused canary is", { health: "Suspended" }, /is Suspended/],
    ["Missing", { health: "Missing" }, /is Missing/],
  ];
  for (const [what, facts, reason] of refused) {
    it(`refuses ${what}`, () => {
      const verdict = judgeDeployed("bff", image, [
        application({ cluster: "eu" }),
        application({ cluster: "us", ...facts }),
      ]);
      assert.equal(verdict.passed, false);
      assert.match(verdict.reason, reason);
      assert.match(verdict.reason, /bff-us/);
    });
  }

  it("refuses where Argo CD has no Application", () =>
    assert.equal(judgeDeployed("bff", image, []).passed, false));

  it("refuses a frozen Application, and says who froze it", () => {
    const frozen = application({}, (object) => {
      const metadata = object["metadata"] as Record<string, unknown>;
      metadata["annotations"] = { "gitops-platform/freeze": "rollback by Ada" };
    });
    assert.match(judgeDeployed("bff", image, [frozen]).reason, /is frozen: rollback by Ada/);
  });

  it("refuses a sync that is still running", () => {
    const syncing = application({}, (object) => Object.assign(object, { operation: { sync: {} } }));
    assert.match(judgeDeployed("bff", image, [syncing]).reason, /in progress/);
  });

  it("refuses an Application without status", () => {
    const fresh = application({}, (object) => delete object["status"]);
    assert.equal(judgeDeployed("bff", image, [fresh]).passed, false);
  });
});

describe("the soak gate", () => {
  const now = new Date("2026-08-01T12:00:00Z");
  const history = [
    { revision: "old", deployedAt: "2026-07-01T00:00:00Z" },
    { revision: "new", deployedAt: "2026-08-01T10:00:00Z" },
    { revision: "newer", deployedAt: "2026-08-01T11:30:00Z" },
  ];
  const carries = (revision: string) => revision !== "old";
  const judge = (facts: Partial<ApplicationFacts>, wanted: number) =>
    judgeSoak("bff", [application({ history, ...facts })], carries, wanted, now);

  it("counts from the first sync of a commit that holds the image", () => {
    assert.equal(judge({ healthSince: "2026-07-01T00:00:00Z" }, 120).passed, true);
    assert.equal(judge({ healthSince: "2026-07-01T00:00:00Z" }, 121).passed, false);
  });

  it("starts again when the health was lost in between", () => {
    const verdict = judge({ healthSince: "2026-08-01T11:50:00Z" }, 30);
    assert.deepEqual([verdict.passed, verdict.reason], [false, "healthy at this image for 10m of 30m"]);
  });

  it("takes the cluster that has run it shortest", () => {
    const clusters = [
      application({ history, cluster: "eu" }),
      application({ history: history.slice(2), cluster: "us" }),
    ];
    assert.match(judgeSoak("bff", clusters, carries, 60, now).reason, /30m of 1h00m/);
  });

  it("refuses where no sync of the image is known", () => {
    assert.match(judge({ history: history.slice(0, 1) }, 1).reason, /no successful sync/);
  });

  it("refuses where nobody says since when it is healthy", () => {
    const silent = application({ history }, (object) => {
      (object["status"] as Record<string, unknown>)["health"] = { status: "Healthy" };
    });
    assert.match(judgeSoak("bff", [silent], carries, 1, now).reason, /does not say/);
  });

  it("refuses where there is no Application", () =>
    assert.equal(judgeSoak("bff", [], carries, 1, now).passed, false));
});

describe("the endpoint gate", () => {
  const cases: [string, number, string, boolean][] = [
    ["passes the expected status", 200, '{"status":"healthy"}', true],
    ["refuses a degraded status under HTTP 200", 200, '{"status":"degraded"}', false],
    ["refuses an answer that is no JSON", 200, "<html>healthy</html>", false],
    ["refuses JSON without status", 200, "{}", false],
    ["refuses null", 200, "null", false],
    ["refuses the right word under HTTP 503", 503, '{"status":"healthy"}', false],
    ["refuses a redirect", 302, "", false],
  ];
  for (const [what, status, body, passed] of cases) {
    it(what, () => assert.equal(judgeEndpoint("bff", status, body, "healthy").passed, passed));
  }
});

describe("the image gate", () => {
  const gates = { digest: true, registry: true, signature: true };
  const pinned = { ...image, digest: digestOf("a") };
  const there = { digest: digestOf("a") };

  it("passes a pinned, present, signed image", () => {
    const verdict = judgeImage("bff", pinned, gates, {
      tag: there,
      digest: there,
      signed: true,
    });
    assert.deepEqual(
      [verdict.passed, verdict.reason],
      [true, "2.0.0@aaaaaaaaaaaa is pinned by digest, in the registry, signed"],
    );
  });

  const refused: [string, Parameters<typeof judgeImage>[1], Parameters<typeof judgeImage>[3], RegExp][] = [
    ["a tag without digest", image, { tag: there }, /pinned by tag alone/],
    ["an image that is gone", pinned, { tag: "absent", digest: "absent" }, /gone from the registry/],
    ["a tag that is gone", pinned, { tag: "absent", digest: there }, /no such tag/],
    [
      "a tag that was moved",
      pinned,
      { tag: { digest: digestOf("b") }, digest: there },
      /does not match its tag/,
    ],
    [
      "an image without signature",
      pinned,
      { tag: there, digest: there, signed: false },
      /no cosign signature/,
    ],
  ];
  for (const [what, candidate, evidence, reason] of refused) {
    it(`refuses ${what}`, () => {
      const verdict = judgeImage("bff", candidate, gates, evidence);
      assert.equal(verdict.passed, false);
      assert.match(verdict.reason, reason);
    });
  }
});

describe("the policy gate", () => {
  const finding = {
    file: "infrastructure/k8s/overlays/staging/bff",
    object: "Deployment bff",
    rule: "W1",
    level: "mandatory",
    message: "is privileged",
  } as const;

  const passed = (services: string[], findings: Finding[]) =>
    judgePolicy("staging", services, findings).map((verdict) => [verdict.subject, verdict.passed]);

  it("refuses a mandatory finding of a service that changes, and names rule and object", () => {
    assert.deepEqual(judgePolicy("staging", ["bff", "audit"], [finding]), [
      { gate: "policy", subject: "bff", passed: false, reason: "W1: Deployment bff: is privileged" },
    ]);
  });

  it("says everything about a service at once", () => {
    const [verdict] = judgePolicy("staging", ["bff"], [finding, { ...finding, rule: "W2" }]);
    assert.match(verdict!.reason, /^W1: .*; W2: /);
  });

  it("lets advice pass", () =>
    assert.deepEqual(passed(["bff"], [{ ...finding, level: "advisory" }]), [["staging", true]]));

  it("does not hold another service's fault against this one", () => {
    assert.deepEqual(passed(["audit"], [finding]), [["staging", true]]);
  });

  it("holds a fault in a shared base against everybody", () => {
    const shared = { ...finding, file: "infrastructure/k8s/base/bff/deployment.yaml" };
    assert.deepEqual(passed(["audit"], [shared]), [["staging", false]]);
  });
});

describe("the window gate", () => {
  const night: SyncWindow = {
    kind: "allow",
    schedule: "0 22 * * *",
    duration: "2h",
    applications: ["*"],
    namespaces: [],
    clusters: [],
    manualSync: true,
    timeZone: "UTC",
    andOperator: false,
  };
  const judge = (time: string) =>
    judgeWindow("bff", [application()], new Map([["platform", [night]]]), new Date(`2026-08-01T${time}:00Z`));

  it("passes while the window is open", () => assert.equal(judge("23:00").passed, true));

  it("refuses while it is closed, also where people may sync by hand", () => {
    const verdict = judge("12:00");
    assert.equal(verdict.passed, false);
    assert.match(verdict.reason, /bff-main: closed allow window 0 22 \* \* \* for 2h \(UTC\)/);
  });

  it("refuses where there is no Application", () => {
    assert.equal(judgeWindow("bff", [], new Map(), new Date()).passed, false);
  });
});

describe("the approval gate", () => {
  const judge = (approvers: string[], reviews?: number) =>
    judgeApproval("production", 1, approvers, "Ada <ada@example.com>", reviews);

  it("passes with a second person", () => assert.equal(judge(["Grace"]).passed, true));
  it("refuses the committer's own name", () => assert.equal(judge(["ada"]).passed, false));
  it("refuses nobody", () => assert.equal(judge([]).passed, false));
  it("passes where the branch demands a review", () => assert.equal(judge([], 1).passed, true));
  it("refuses where the branch demands none", () => assert.equal(judge([], 0).passed, false));
  it("counts one person once", () => {
    assert.equal(judgeApproval("production", 2, ["Grace", "Grace"], "Ada", undefined).passed, false);
  });
});

describe("the charts gate", () => {
  const now = new Date("2026-08-01T12:00:00Z");
  const since = new Date("2026-08-01T11:00:00Z");
  const versions = { charts: { "argo-cd": "10.1.1" } };
  const server = { name: "argocd/server", chart: "argo-cd-10.1.1", available: true, since };
  const judge = (controllers: Parameters<typeof judgeCharts>[1], wanted = 60) =>
    judgeCharts(versions, controllers, wanted, now)[0]!;

  it("passes where every controller of the chart runs the version for long enough", () =>
    assert.equal(judge([server]).passed, true));
  it("refuses before the soak time is over", () => assert.equal(judge([server], 61).passed, false));
  it("refuses another version", () =>
    assert.match(judge([server, { ...server, chart: "argo-cd-10.1.0" }]).reason, /runs argo-cd-10\.1\.0/));
  it("refuses a controller that is not available", () =>
    assert.equal(judge([{ ...server, available: false }]).passed, false));
  it("refuses where the chart is not installed", () => assert.match(judge([]).reason, /not installed/));
  it("takes no other chart of a similar name for it", () =>
    assert.match(judge([{ ...server, chart: "argo-cd-apps-10.1.1" }]).reason, /not installed/));
  it("counts an unknown time as now", () =>
    assert.equal(judge([{ ...server, since: undefined }], 1).passed, false));
});
