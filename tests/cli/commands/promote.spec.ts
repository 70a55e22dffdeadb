import assert from "node:assert/strict";
import { git } from "../support/repository";
import { World } from "../support/world";

const tags = {
  dev: { bff: "2.0.0", audit: "1.1.0" },
  staging: { bff: "1.0.0", audit: "1.0.0" },
  production: { bff: "0.9.0", audit: "0.9.0" },
};
const toStaging = ["promote", "--from", "dev", "--to", "staging", "--yes"];

describe("platform promote", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.create({ tags });
    world.runEverything(tags);
  });
  afterEach(() => world.remove());

  it("delivers the source's images to the target by one commit that touches only image files", async () => {
    const before = world.repository.head();
    const { code, stdout } = await world.platform(toStaging);
    assert.equal(code, 0, stdout);
    assert.equal(world.repository.tag("staging", "bff"), "2.0.0");
    assert.equal(world.repository.tag("staging", "audit"), "1.1.0");
    assert.deepEqual(git(world.repository.remote, "diff", "--name-only", before, "main").split("\n"), [
      "infrastructure/k8s/overlays/staging/audit/image.yaml",
      "infrastructure/k8s/overlays/staging/bff/image.yaml",
    ]);
    assert.equal(git(world.repository.remote, "rev-list", "--count", `${before}..main`), "1");
  });

  it("shows old and new image, the commits between and every gate before it writes", async () => {
    world.repository.setImage("dev", "bff", "2.1.0");
    world.run("dev", "bff", "2.1.0");
    const { stdout } = await world.platform([...toStaging, "--dry-run"]);
    assert.match(stdout, /bff: 1\.0\.0 -> 2\.1\.0/);
    assert.match(stdout, /bff 2\.1\.0 in dev/);
    assert.match(stdout, /passed deployed bff: 2\.1\.0 is Synced and Healthy in main/);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
  });

  it("records who, what and the gates' figures in the commit", async () => {
    await world.platform([...toStaging, "--service", "bff", "--approved-by", "Grace"]);
    const message = git(world.repository.remote, "log", "-1", "--format=%B", "main");
    assert.match(message, /^promote: bff 2\.0\.0 to staging\n/);
    assert.match(message, /from ghcr\.io\/platform\/bff:1\.0\.0\n {2}to {3}ghcr\.io\/platform\/bff:2\.0\.0/);
    assert.match(message, /passed deployed bff/);
    assert.match(message, /Promotion: dev -> staging\nApproved-by: Grace/);
  });

  it("promotes only the services asked for", async () => {
    await world.platform([...toStaging, "--service", "audit"]);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
    assert.equal(world.repository.tag("staging", "audit"), "1.1.0");
  });

  it("ends with 0 and no commit where there is nothing to promote", async () => {
    await world.platform(toStaging);
    const before = world.repository.head();
    const { code, stdout } = await world.platform(toStaging);
    assert.equal(code, 0);
    assert.match(stdout, /Nothing to promote/);
    assert.equal(world.repository.head(), before);
  });

  it("leaves the caller's work tree as it was", async () => {
    await world.platform(toStaging);
    assert.equal(git(world.repository.clone, "status", "--porcelain"), "");
    assert.equal(git(world.repository.clone, "worktree", "list").split("\n").length, 1);
    assert.match(
      world.repository.readLocal("infrastructure/k8s/overlays/staging/bff/image.yaml"),
      /"1\.0\.0"/,
    );
  });

  it("keeps on record that the source's images were healthy", async () => {
    await world.platform([...toStaging, "--service", "bff"]);
    const refs = git(world.repository.remote, "for-each-ref", "--format=%(refname)", "refs/platform/healthy");
    assert.match(refs, /^refs\/platform\/healthy\/dev\/bff\/[0-9a-f]{40}$/);
  });

  it("asks where nobody can answer, and writes nothing", async () => {
    const { code, stderr } = await world.platform(toStaging.filter((argument) => argument !== "--yes"));
    assert.equal(code, 2);
    assert.match(stderr, /--yes/);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
  });

  it("lets an emergency skip an environment and records the reason", async () => {
    const { code } = await world.platform([
      "promote",
      "--from",
      "dev",
      "--to",
      "production",
      "--yes",
      "--emergency",
      "CVE fix",
    ]);
    assert.equal(code, 0);
    assert.match(git(world.repository.remote, "log", "-1", "--format=%B", "main"), /Emergency: CVE fix/);
  });

  describe("refuses with exit code 2, before any write,", () => {
    const refusals: [string, string[], RegExp][] = [
      ["source and target being the same", ["--from", "dev", "--to", "dev"], /both dev/],
      ["the wrong direction", ["--from", "staging", "--to", "dev"], /comes after/],
      ["skipping staging", ["--from", "dev", "--to", "production"], /skips staging/],
      [
        "an unknown environment, naming the nearest",
        ["--from", "dev", "--to", "Staging"],
        /did you mean "staging"/,
      ],
      ["an unknown service", ["--from", "dev", "--to", "staging", "--service", "nope"], /does not exist/],
      [
        "a service with shell text in it",
        ["--from", "dev", "--to", "staging", "--service", "$(id)"],
        /not the name of a service/,
      ],
      [
        "a service with a line break",
        ["--from", "dev", "--to", "staging", "--service", "bff\nX: y"],
        /control character/,
      ],
      [
        "an approver with a control character",
        ["--from", "dev", "--to", "staging", "--approved-by", "a\u001b[2K"],
        /control character/,
      ],
      ["a reason that is empty", ["--from", "dev", "--to", "production", "--emergency", " "], /is empty/],
      ["a missing --to", ["--from", "dev"], /--to/],
      ["a target before which nothing comes", ["--to", "dev"], /No environment comes before dev/],
      ["--ready with --platform", ["--to", "staging", "--platform", "--ready"], /--ready chooses/],
    ];
    for (const [what, argv, message] of refusals) {
      it(what, async () => {
        const before = world.repository.head();
        const { code, stderr } = await world.platform(["promote", ...argv, "--yes"]);
        assert.equal(code, 2);
        assert.match(stderr, message);
        assert.equal(world.repository.head(), before);
      });
    }

    const clones: [string, (clone: string) => void, RegExp][] = [
      ["a dirty tree", () => world.repository.write("infrastructure/x.yaml", "a: 1\n"), /not committed/],
      ["a detached HEAD", (clone) => git(clone, "switch", "--quiet", "--detach"), /detached/],
      [
        "a missing remote",
        (clone) => git(clone, "remote", "rename", "origin", "other"),
        /no git remote "origin"/,
      ],
    ];
    for (const [what, spoil, message] of clones) {
      it(what, async () => {
        const before = world.repository.head();
        spoil(world.repository.clone);
        const { code, stderr } = await world.platform(toStaging);
        assert.equal(code, 2);
        assert.match(stderr, message);
        assert.equal(world.repository.head(), before);
      });
    }

    it("a shallow clone", async () => {
      const { folder, remote } = world.repository;
      world.repository.setImage("dev", "bff", "2.0.1");
      git(folder, "clone", "--quiet", "--depth=1", `file://${remote}`, `${folder}/shallow`);
      const { code, stderr } = await world.platform(toStaging, {}, `${folder}/shallow`);
      assert.equal(code, 2);
      assert.match(stderr, /shallow/);
    });

    it("an image file with a merge conflict, printing both tags", async () => {
      const path = "infrastructure/k8s/overlays/staging/bff/image.yaml";
      const text = world.repository.readLocal(path);
      world.repository.write(
        path,
        text.replace(/( {2}newTag.*\n)/, '<<<<<<< a\n$1=======\n  newTag: "7.7.7"\n>>>>>>> b\n'),
      );
      world.repository.commit("Conflict");
      const { code, stderr } = await world.platform(toStaging);
      assert.equal(code, 2);
      assert.match(stderr, /newTag "1\.0\.0" and newTag "7\.7\.7"/);
    });
  });

  it("stops with the remote's words where a hook refuses the push, and leaves the tree clean", async () => {
    world.repository.hook("echo 'policy: changes need a ticket' >&2; exit 1");
    const { code, stderr } = await world.platform(toStaging);
    assert.equal(code, 2);
    assert.match(stderr, /changes need a ticket/);
    assert.equal(git(world.repository.clone, "status", "--porcelain"), "");
    assert.equal(git(world.repository.clone, "worktree", "list").split("\n").length, 1);
  });

  it("refuses while the source runs another image, and says which", async () => {
    world.run("dev", "bff", "1.9.9");
    const { code, stdout, stderr } = await world.platform(toStaging);
    assert.equal(code, 1);
    assert.match(stdout, /REFUSED deployed bff: bff-main still runs 1\.9\.9/);
    assert.match(stderr, /Refused by 1 of \d+ gates \(deployed\)/);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
    assert.equal(
      world.repository.tag("staging", "audit"),
      "1.0.0",
      "one refused service stops the whole promotion",
    );
  });

  it("counts a hub that does not answer as a refusal", async () => {
    world.hubs.dev.status = 500;
    const { code, stdout } = await world.platform(toStaging);
    assert.equal(code, 1);
    assert.match(stdout, /REFUSED deployed dev: cannot be answered: .*HTTP 500/);
  });

  it("takes the environment before --to where --from is left out", async () => {
    const { code } = await world.platform(["promote", "--to", "production", "--yes"]);
    assert.equal(code, 0);
    assert.equal(world.repository.tag("production", "bff"), "1.0.0");
  });

  it("waits for the delivery where that is asked for, and keeps on record that it is healthy", async () => {
    const argv = [...toStaging, "--service", "bff", "--wait", "20"];
    const delivery = world.platform(argv);
    while (world.repository.tag("staging", "bff") !== "2.0.0")
      await new Promise((resolve) => setTimeout(resolve, 50));
    world.run("staging", "bff", "2.0.0");
    const { code, stdout } = await delivery;
    assert.equal(code, 0);
    assert.match(stdout, /bff 2\.0\.0 is live and healthy in staging/);
    const refs = git(world.repository.remote, "for-each-ref", "--format=%(refname)", "refs/platform/healthy");
    assert.match(refs, new RegExp(`staging/bff/${world.repository.head()}`));
  });

  it("ends with 1 where the delivery does not come in time, and says what runs", async () => {
    const { code, stderr } = await world.platform([...toStaging, "--service", "bff", "--wait", "1"]);
    assert.equal(code, 1);
    assert.match(stderr, /After 1 s: bff-main still runs 1\.0\.0/);
  });

  describe("--ready", () => {
    const ready = [...toStaging, "--ready"];

    it("carries the services that every gate lets pass and says why the others stay", async () => {
      world.run("dev", "bff", "1.9.9");
      const { code, stdout } = await world.platform(ready);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /Left for later: REFUSED deployed bff: bff-main still runs 1\.9\.9/);
      assert.equal(world.repository.tag("staging", "audit"), "1.1.0");
      assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
      const message = git(world.repository.remote, "log", "-1", "--format=%B", "main");
      assert.doesNotMatch(message, /bff/);
    });

    it("ends with 1 where no service is ready", async () => {
      world.run("dev", "bff", "1.9.9");
      world.run("dev", "audit", "1.0.9");
      const before = world.repository.head();
      assert.equal((await world.platform(ready)).code, 1);
      assert.equal(world.repository.head(), before);
    });

    it("spares nobody what is refused to the environment as a whole", async () => {
      world.hubs.dev.status = 500;
      const before = world.repository.head();
      const { code, stderr } = await world.platform(ready);
      assert.equal(code, 1);
      assert.match(stderr, /Refused by 1 of \d+ gates \(deployed\)/);
      assert.equal(world.repository.head(), before);
    });
  });

  describe("--json", () => {
    const json = async (argv: readonly string[]) => {
      const { code, stdout, stderr } = await world.platform([...argv, "--json"]);
      return { code, stderr, result: JSON.parse(stdout) as Record<string, unknown> };
    };

    it("says what was done, and leaves people's words to stderr", async () => {
      const { code, result, stderr } = await json([...toStaging, "--service", "bff"]);
      assert.equal(code, 0);
      assert.deepEqual([result["outcome"], result["commit"]], ["pushed", world.repository.head()]);
      const [change] = result["changes"] as {
        name: string;
        before: string;
        after: string;
        commits: object[];
      }[];
      assert.deepEqual([change!.name, change!.before, change!.after], ["bff", "1.0.0", "2.0.0"]);
      assert.deepEqual(Object.keys(change!.commits[0]!), ["commit", "time", "subject"]);
      assert.ok((result["gates"] as { gate: string }[]).some(({ gate }) => gate === "deployed"));
      assert.match(stderr, /bff: 1\.0\.0 -> 2\.0\.0/);
    });

    it("says what was pushed also where it does not arrive in time", async () => {
      const { code, result } = await json([...toStaging, "--service", "bff", "--wait", "1"]);
      assert.deepEqual([code, result["outcome"], result["commit"]], [1, "pushed", world.repository.head()]);
      assert.match(String(result["reason"]), /still runs 1\.0\.0/);
    });

    it("says which gate refused", async () => {
      world.run("dev", "bff", "1.9.9");
      const { code, result } = await json(toStaging);
      assert.equal(code, 1);
      assert.equal(result["outcome"], "refused");
      const gates = result["gates"] as { gate: string; subject: string; passed: boolean }[];
      assert.deepEqual(
        gates.filter(({ passed }) => !passed).map(({ gate, subject }) => [gate, subject]),
        [["deployed", "bff"]],
      );
    });

    it("says what is wrong with the input", async () => {
      const { code, result } = await json(["promote", "--from", "staging", "--to", "dev"]);
      assert.deepEqual([code, result["outcome"]], [2, "failed"]);
      assert.match(String(result["reason"]), /comes after/);
    });

    it("says that there was nothing to do, and that a dry run wrote nothing", async () => {
      assert.equal((await json([...toStaging, "--dry-run"])).result["outcome"], "planned");
      await world.platform(toStaging);
      assert.equal((await json(toStaging)).result["outcome"], "nothing");
    });
  });
});
