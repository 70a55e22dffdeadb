import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { canSync, isActive, syncWindowSchema, type SyncWindow } from "../../../cli/cluster/sync-window";

const target = {
  name: "bff-eu",
  destination: { name: "eu", server: "https://eu.example.com", namespace: "platform-production" },
};

function window(fields: Partial<SyncWindow>): SyncWindow {
  return syncWindowSchema.parse({
    kind: "allow",
    schedule: "0 22 * * *",
    duration: "1h",
    applications: ["*"],
    ...fields,
  });
}

const inside = new Date("2026-08-01T22:30:00Z");
const outside = new Date("2026-08-01T12:00:00Z");

describe("a sync window", () => {
  interface Case {
    readonly schedule: string;
    readonly duration: string;
    readonly timeZone: string;
    readonly now: string;
    readonly active: boolean;
  }
  const recorded = JSON.parse(
    readFileSync("tests/cli/fixtures/sync-windows-of-argo-cd-3.2.11.json", "utf8"),
  ) as Case[];

  it("is open exactly when Argo CD says so, in every recorded case", () => {
    const different = recorded.filter(
      ({ now, active, ...fields }) => isActive(window(fields), new Date(now)) !== active,
    );
    assert.deepEqual(different, []);
    assert.ok(recorded.length >= 500 && recorded.some(({ active }) => active));
  });

  const faults: [string, Partial<SyncWindow>][] = [
    ["six fields", { schedule: "0 0 22 * * *" }],
    ["minute 61", { schedule: "61 * * * *" }],
    ["a duration in days", { duration: "1d" }],
    ["a negative duration", { duration: "-1h" }],
    ["an unknown time zone", { timeZone: "Mars/Olympus" }],
  ];
  for (const [what, fields] of faults) {
    it(`throws on ${what} instead of guessing`, () => assert.throws(() => isActive(window(fields), inside)));
  }
});

describe("whether a sync may start", () => {
  const open = (windows: SyncWindow[], now: Date, sync: "automated" | "manual" = "automated") =>
    canSync(windows, target, now, sync).open;

  it("is free without windows", () => assert.equal(open([], outside), true));
  it("follows an allow window", () =>
    assert.deepEqual([open([window({})], inside), open([window({})], outside)], [true, false]));
  it("follows a deny window", () => {
    assert.deepEqual(
      [open([window({ kind: "deny" })], inside), open([window({ kind: "deny" })], outside)],
      [false, true],
    );
  });
  it("lets deny win over allow", () =>
    assert.equal(open([window({}), window({ kind: "deny" })], inside), false));
  it("needs one open allow window of several", () => {
    assert.equal(open([window({}), window({ schedule: "0 3 * * *" })], inside), true);
  });

  it("lets people pass only where every window concerned has manualSync", () => {
    const [free, strict] = [window({ manualSync: true }), window({})];
    assert.deepEqual(
      [open([free], outside, "manual"), open([free, strict], outside, "manual")],
      [true, false],
    );
    assert.equal(open([{ ...free, kind: "deny" }], inside, "manual"), true);
    assert.equal(open([free], outside, "automated"), false);
  });

  const selectors: [string, Partial<SyncWindow>, boolean][] = [
    ["an application by glob", { applications: ["bff-*"] }, true],
    ["another application", { applications: ["audit-*"] }, false],
    ["a cluster by name", { applications: [], clusters: ["eu"] }, true],
    ["a cluster by server, across slashes", { applications: [], clusters: ["https://*.example.com"] }, true],
    ["a namespace", { applications: [], namespaces: ["platform-p*"] }, true],
    ["nothing", { applications: [] }, false],
    ["one of two with or", { applications: ["bff-*"], namespaces: ["other"] }, true],
    ["one of two with and", { applications: ["bff-*"], namespaces: ["other"], andOperator: true }, false],
    ["two of two with and", { applications: ["bff-*"], namespaces: ["platform-*"], andOperator: true }, true],
  ];
  for (const [what, fields, applies] of selectors) {
    it(`${applies ? "applies" : "does not apply"} the window that selects ${what}`, () => {
      assert.equal(open([window({ kind: "deny", ...fields })], inside), !applies);
    });
  }
});
