import assert from "node:assert/strict";
import path from "node:path";
import { checkPaths } from "../../cli/manifests/check-paths";
import { parseEnvironment } from "../../config/parse";
import { ConfigError } from "../../config/problem";
import { type DoctorFixture, examine } from "../cli/doctor/fixture";
import { type ConfigFixture, type Named, parseFixture, readFixtures } from "./fixture";

/** What goes wrong before the first write, by its number in the list of bad inputs; 16 to 21 and 35 to 50 are other commands'. */
const badInputs: Record<number, string> = {
  1: "a kubeconfig that leads nowhere",
  2: "a kubeconfig that works on one machine only",
  3: "a secret in plain text",
  4: "two clusters of one name",
  5: "two clusters of one address, however it is spelled",
  6: "a cluster name that is no label",
  7: "a server that is no https:// address",
  8: "a remote server on this machine",
  9: "a stack that is no environment",
  10: "a cluster of another environment",
  11: "a server that is not verified",
  12: "a certificate authority that cannot be used",
  13: "a token that has expired",
  14: "a repository address that Argo CD cannot use",
  15: "a repository address in several spellings",
  22: "a chart version that is not exact, or not safe",
  23: "a chart source that does not serve the chart",
  24: "a schedule that Argo CD cannot parse",
  25: "a duration that is none, or never ends",
  26: "a time zone that does not exist",
  27: "windows that shadow each other",
  28: "a window that concerns nobody",
  29: "a destination that is not registered",
  30: "access that is not of this project",
  31: "a Vault that would not let this environment in, or too far",
  32: "a key of another environment",
  33: "a SealedSecret that a rebuilt cluster could not open",
  34: "an authority that does not fit the environment",
};

type Refused = ConfigFixture & { readonly number?: number; readonly message: string };

const configFaults = readFixtures<Refused>("config/invalid");
const doctorFaults = readFixtures<DoctorFixture & { readonly number: number }>("doctor/invalid");

function numbered<T extends { readonly number?: number }>(faults: readonly Named<T>[], number?: number) {
  return faults.filter(({ fixture }) => fixture.number === number);
}

function title(fault: string): string {
  return fault.replaceAll("-", " ");
}

function refusedAtLoad({ fault, fixture }: Named<Refused>): void {
  it(`refuses ${title(fault)}`, () => {
    assert.throws(
      () => parseFixture(fixture),
      (error) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.ok(error.message.includes(fixture.message), error.message);
        assert.ok(!error.message.includes("canary"), "the message repeats a secret");
        return true;
      },
    );
  });
}

function foundByDoctor({ fault, fixture }: Named<DoctorFixture>): void {
  it(`doctor's ${fixture.check} sees ${title(fault)}`, async () => {
    const { subject, status, message, fix } = fixture.finding;
    const findings = await examine(fixture);
    const said = JSON.stringify(findings, undefined, 2);
    const finding = findings.find(
      (candidate) =>
        candidate.status === status &&
        candidate.message.includes(message) &&
        (subject === undefined || candidate.subject === subject),
    );
    assert.ok(finding, said);
    if (fix !== undefined) assert.ok(finding.fix?.includes(fix), said);
    assert.doesNotMatch(said, /canary/);
  });
}

/** The numbers whose fault is no file, or is found in what git delivers. */
const others: Record<number, () => void> = {
  9: () => {
    for (const [name, nearest] of [
      ["Production", "production"],
      ["development", "dev"],
      ["stage", "staging"],
      ["prod", "production"],
      ["", "dev"],
    ] as const) {
      it(`refuses the stack "${name}" and suggests "${nearest}"`, () => {
        assert.throws(() => parseEnvironment(name), new RegExp(`did you mean "${nearest}"`));
      });
    }
  },
  15: () => {
    for (const url of [
      "https://github.com/o/p.git",
      "https://GitHub.com/o/p/",
      "https://github.com:443/o/p",
      "https://github.com/o/p.git/",
    ]) {
      it(`brings ${url} to one spelling`, () => {
        const { git } = parseFixture({ environment: "dev", set: { "git.url": url } });
        assert.equal(git.url, "https://github.com/o/p");
      });
    }
    it("brings git@github.com:o/p.git to one spelling", () => {
      const { git } = parseFixture({ environment: "dev", set: { "git.url": "git@github.com:o/p.git" } });
      assert.equal(git.url, "ssh://git@github.com/o/p");
    });
  },
  32: () => {
    const fault = "external-secret-key-of-another-environment";
    it(`check refuses ${title(fault)}`, async () => {
      const folder = path.join(__dirname, "..", "fixtures", "manifests", "bad-inputs");
      const { findings } = await checkPaths([path.join(folder, `${fault}.yaml`)], "staging", folder);
      const finding = findings.find(({ rule }) => rule.startsWith("E3"));
      assert.equal(finding?.level, "mandatory", JSON.stringify(findings));
      assert.match(finding.message, /platform\/production\/bff/);
    });
  },
};

describe("bad inputs", () => {
  for (const [key, what] of Object.entries(badInputs)) {
    const number = Number(key);
    describe(`no. ${number}: ${what}`, () => {
      numbered(configFaults, number).forEach(refusedAtLoad);
      numbered(doctorFaults, number).forEach(foundByDoctor);
      others[number]?.();

      it("has at least one fixture", () => {
        const files = numbered(configFaults, number).length + numbered(doctorFaults, number).length;
        assert.ok(files > 0 || number in others);
      });
    });
  }

  describe("that no list has foreseen", () => {
    numbered(configFaults).forEach(refusedAtLoad);

    it("are every other fixture", () => {
      const all = [...configFaults, ...doctorFaults].map(({ fixture }) => fixture.number);
      const known = all.filter((number) => number === undefined || number in badInputs);
      assert.equal(known.length, all.length);
    });
  });
});
