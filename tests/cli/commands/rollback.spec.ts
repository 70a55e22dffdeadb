import assert from "node:assert/strict";
import fc from "fast-check";
import { imagePath } from "../../../cli/promotion/overlay";
import { digestOf, git, imageFile } from "../support/repository";
import { World } from "../support/world";

const tags = { dev: { bff: "4.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };
const back = ["rollback", "--service", "bff", "--environment", "staging", "--yes", "--wait", "1"];
const path = imagePath("staging", "bff");

/** Says in git that a commit's image was healthy, as a promotion or `status --record` does. */
function record(world: World, commit: string): void {
  git(world.repository.remote, "update-ref", `refs/platform/healthy/staging/bff/${commit}`, commit);
}

describe("platform rollback", () => {
  let world: World;
  let commits: string[];
  beforeEach(async () => {
    world = await World.create({ tags });
    commits = ["2.0.0", "3.0.0"].map((tag) => world.repository.setImage("staging", "bff", tag));
    commits.unshift(git(world.repository.remote, "rev-list", "--max-parents=0", "main"));
    record(world, commits[0]!);
    world.run("staging", "bff", "1.0.0");
  });
  afterEach(() => world.remove());

  it("returns to the newest version that was once healthy, by the inverse commit, and checks that it is live", async () => {
    const { code, stdout, stderr } = await world.platform(back);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /3\.0\.0 -> 1\.0\.0/);
    assert.match(stdout, /bff 1\.0\.0 is live and healthy in staging/);
    assert.equal(
      world.repository.read(path),
      `${git(world.repository.remote, "show", `${commits[0]}:${path}`)}\n`,
    );
    assert.match(
      git(world.repository.remote, "log", "-1", "--format=%B", "main"),
      /Rollback: staging\/bff\nReturns-to: /,
    );
  });

  for (const [what, find] of [
    ["a version", () => "2.0.0"],
    ["a commit", () => commits[1]!],
    ["an abbreviated commit", () => commits[1]!.slice(0, 12)],
  ] as const) {
    it(`returns to ${what} that is asked for`, async () => {
      record(world, commits[1]!);
      world.run("staging", "bff", "2.0.0");
      assert.equal((await world.platform([...back, "--to", find()])).code, 0);
      assert.equal(world.repository.tag("staging", "bff"), "2.0.0");
    });
  }

  it("refuses a version that was never healthy here and lists those that were", async () => {
    const { code, stderr } = await world.platform([...back, "--to", "2.0.0"]);
    assert.equal(code, 1);
    assert.match(stderr, /2\.0\.0 was never on record as healthy here\. Valid targets:\n {2}1\.0\.0 \(/);
    assert.equal(world.repository.tag("staging", "bff"), "3.0.0");
  });

  it("refuses a version older than the history and lists the valid ones", async () => {
    const { code, stderr } = await world.platform([...back, "--to", "0.1.0"]);
    assert.equal(code, 2);
    assert.match(stderr, /0\.1\.0 is no earlier version.*Valid targets:\n {2}1\.0\.0/s);
  });

  it("refuses where nothing was ever healthy", async () => {
    git(world.repository.remote, "update-ref", "-d", `refs/platform/healthy/staging/bff/${commits[0]}`);
    const { code, stderr } = await world.platform(back);
    assert.equal(code, 1);
    assert.match(stderr, /No earlier version is on record/);
  });

  it("refuses by itself to go back to a version that came before no other, and says how to", async () => {
    git(world.repository.remote, "update-ref", "-d", `refs/platform/healthy/staging/bff/${commits[0]}`);
    record(world, world.repository.setImage("staging", "bff", "4.0.0"));
    world.repository.setImage("staging", "bff", "1.0.0");
    const { code, stderr } = await world.platform(back);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /came over no healthy one; name the version with --to\. Valid targets:\n {2}4\.0\.0 \(/,
    );
  });

  it("never returns by itself to what was rolled back", async () => {
    record(world, commits[1]!);
    world.run("staging", "bff", "2.0.0");
    assert.equal((await world.platform(back)).code, 0);
    record(world, commits[2]!);
    world.run("staging", "bff", "1.0.0");
    assert.equal((await world.platform(back)).code, 0);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
  });

  it("ends with 1 while the old image is not live, although git is right", async () => {
    world.run("staging", "bff", "3.0.0");
    const { code, stderr } = await world.platform(back);
    assert.equal(code, 1);
    assert.match(stderr, /bff-main still runs 3\.0\.0/);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
  });

  it("refuses a service that is not there", async () => {
    const { code, stderr } = await world.platform([
      "rollback",
      "--service",
      "nope",
      "--environment",
      "staging",
      "--yes",
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /nope\/image\.yaml has no history/);
  });

  it("refuses while the sync windows are closed", async () => {
    world.hubs.staging.syncWindows = [
      { kind: "deny", schedule: "* * * * *", duration: "1h", applications: ["*"] },
    ];
    const { code, stdout } = await world.platform(back);
    assert.equal(code, 1);
    assert.match(stdout, /REFUSED window bff/);
  });
});

describe("a promotion and its rollbacks", () => {
  const version = fc.record({
    tag: fc.stringMatching(/^[0-9]\.[0-9]{1,2}\.[0-9](-rc\.[1-9])?$/),
    digest: fc.option(fc.constantFrom("a", "b").map(digestOf), { nil: undefined }),
  });
  /** A service as two environments state it, and how the target's file is written. */
  const service = fc.record({
    source: version,
    target: version,
    comment: fc.constantFrom("", "# Pinned until the audit is over.\n"),
    quote: fc.constantFrom('"', "'"),
    remark: fc.constantFrom("", " # do not touch"),
    end: fc.constantFrom("\n", "\n\n# end", ""),
  });
  const names = ["audit", "bff", "validation"];

  it("leave the tree byte-identical, however the files are written and in whatever order it goes back", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(service, { minLength: 1, maxLength: names.length }),
        fc.shuffledSubarray(names, { minLength: names.length }),
        async (services, order) => {
          const world = await World.create({ tags: {} });
          try {
            for (const [index, { source, target, comment, quote, remark, end }] of services.entries()) {
              const name = names[index]!;
              const stated = imageFile(name, target.tag, target.digest)
                .trimEnd()
                .replaceAll('"', quote)
                .replace(/(newTag: .*)/, `$1${remark}`);
              world.repository.write(imagePath("dev", name), imageFile(name, source.tag, source.digest));
              world.repository.write(imagePath("staging", name), `${comment}${stated}${end}`);
              world.run("dev", name, "", { images: [reference(name, source)] });
              world.run("staging", name, "", { images: [reference(name, target)] });
            }
            const start = world.repository.commit("Start");
            const tree = () => git(world.repository.remote, "rev-parse", "main^{tree}");
            const before = tree();
            const promoted = await world.platform(["promote", "--to", "staging", "--yes"]);
            assert.equal(promoted.code, 0, promoted.stdout + promoted.stderr);
            const changed = git(world.repository.remote, "diff", "--name-only", start, "main");
            for (const name of order.filter((one) => changed.includes(`/${one}/`))) {
              git(
                world.repository.remote,
                "update-ref",
                `refs/platform/healthy/staging/${name}/${start}`,
                start,
              );
              const argv = [
                "rollback",
                "--service",
                name,
                "--environment",
                "staging",
                "--yes",
                "--wait",
                "5",
              ];
              const { code, stdout, stderr } = await world.platform(argv);
              assert.equal(code, 0, stdout + stderr);
            }
            assert.equal(tree(), before);
          } finally {
            await world.remove();
          }
        },
      ),
      { numRuns: 5 },
    );
  });
});

function reference(name: string, { tag, digest }: { tag: string; digest: string | undefined }): string {
  return `ghcr.io/platform/${name}:${tag}${digest ? `@${digest}` : ""}`;
}
