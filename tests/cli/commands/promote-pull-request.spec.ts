import assert from "node:assert/strict";
import { FakeGitHub } from "../support/github";
import { git, imageFile } from "../support/repository";
import { World } from "../support/world";

const tags = { dev: { bff: "2.0.0" }, staging: { bff: "1.0.0" }, production: { bff: "1.0.0" } };
const toStaging = ["promote", "--from", "dev", "--to", "staging", "--yes"];
const branch = "promotion/dev-to-staging";

describe("platform promote through pull requests", () => {
  let world: World;
  let github: FakeGitHub;
  const promote = () => world.platform(toStaging, github.env);
  beforeEach(async () => {
    world = await World.create({
      tags,
      settings: "github: organization/platform\ncompare: https://example.com/{{service}}/{{old}}...{{new}}\n",
      gates: { staging: "{ policy: false, approvals: 1 }" },
    });
    world.runEverything(tags);
    github = await FakeGitHub.start();
    github.rules = [{ type: "pull_request", parameters: { required_approving_review_count: 1 } }];
  });
  afterEach(async () => {
    await github.stop();
    await world.remove();
  });

  it("proposes the change on a branch of its own and leaves main alone", async () => {
    const { code, stdout } = await promote();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Pull request: https:\/\/github\.example\.com\/organization\/platform\/pull\/1/);
    assert.equal(world.repository.tag("staging", "bff"), "1.0.0");
    assert.match(
      world.repository.read("infrastructure/k8s/overlays/staging/bff/image.yaml", branch),
      /"2\.0\.0"/,
    );
    assert.equal(github.pulls[0]!.title, "promote: bff 2.0.0 to staging");
    assert.deepEqual(github.pulls[0]!.labels, ["promotion", "staging"]);
  });

  it("tells the reviewer what moves, what every gate measured, and where to compare", async () => {
    await promote();
    const { body } = github.pulls[0]!;
    assert.match(
      body,
      /^\| \*\*bff\*\* \| `1\.0\.0` \| `2\.0\.0` \| \[compare\]\(https:\/\/example\.com\/bff\/1\.0\.0\.\.\.2\.0\.0\) \|$/m,
    );
    assert.match(body, /^\| deployed \| bff \| passed \| `2\.0\.0 is Synced and Healthy in main` \|$/m);
    assert.match(body, /\n\nPromotion: dev -> staging$/);
  });

  it("lets no text of a commit mention people or draw in the pull request", async () => {
    world.repository.write("infrastructure/k8s/overlays/dev/bff/image.yaml", imageFile("bff", "2.2.0"));
    world.repository.commit("Thanks `@everyone` | <img src=x>");
    world.run("dev", "bff", "2.2.0");
    await promote();
    const line = github.pulls[0]!.body.split("\n").find((text) => text.includes("everyone"))!;
    assert.match(line, /^- bff `[^`]*Thanks '@everyone' \\\| <img src=x>`$/);
  });

  it("opens it also where labels are refused", async () => {
    github.labelStatus = 403;
    const { code, stderr } = await promote();
    assert.equal(code, 0);
    assert.match(stderr, /did not label the pull request.*HTTP 403/);
    assert.equal(github.pulls.length, 1);
  });

  it("waits for the merge and the delivery where that is asked for", async () => {
    const waiting = world.platform([...toStaging, "--wait", "20"], github.env);
    while (github.pulls.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    git(world.repository.remote, "update-ref", "refs/heads/main", branch);
    world.run("staging", "bff", "2.0.0");
    const { code, stdout } = await waiting;
    assert.equal(code, 0);
    assert.match(stdout, /bff 2\.0\.0 is live and healthy in staging/);
  });

  it("reuses the branch and the pull request of the same change", async () => {
    await promote();
    const tip = world.repository.head(branch);
    const { code, stdout } = await promote();
    assert.equal(code, 0);
    assert.match(stdout, /pull\/1/);
    assert.equal(github.pulls.length, 1);
    assert.equal(world.repository.head(branch), tip);
  });

  it("reuses them also after somebody else pushed to main", async () => {
    await promote();
    const tip = world.repository.head(branch);
    world.repository.setImage("production", "bff", "1.0.1");
    await promote();
    assert.equal(github.pulls.length, 1);
    assert.equal(world.repository.head(branch), tip);
  });

  it("brings the open pull request up to date when the source has moved on", async () => {
    await promote();
    world.repository.setImage("dev", "bff", "2.1.0");
    world.run("dev", "bff", "2.1.0");
    const { code } = await promote();
    assert.equal(code, 0);
    assert.equal(github.pulls.length, 1);
    assert.equal(github.pulls[0]!.title, "promote: bff 2.1.0 to staging");
    assert.equal(git(world.repository.remote, "rev-list", "--count", `main..${branch}`), "1");
  });

  it("opens a new pull request once the old one is closed", async () => {
    await promote();
    github.pulls[0]!.state = "closed";
    await promote();
    assert.equal(github.pulls.length, 2);
  });

  it("lets the reviews that the branch demands count as approval", async () => {
    assert.match((await promote()).stdout, /passed approval staging: the pull request needs 1 review/);
  });

  it("refuses where the branch demands no review and nobody is named", async () => {
    github.rules = [];
    const { code, stdout } = await promote();
    assert.equal(code, 1);
    assert.match(stdout, /REFUSED approval staging/);
    assert.equal(github.pulls.length, 0);
  });

  it("says what GitHub said where it refuses, without the token", async () => {
    github.status = 403;
    const { code, stderr, stdout } = await promote();
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /HTTP 403/);
    assert.doesNotMatch(stdout + stderr, /token-of-a-test/);
  });

  it("names the missing token", async () => {
    const { code, stderr } = await world.platform(toStaging);
    assert.equal(code, 2);
    assert.match(stderr, /GITHUB_TOKEN is not set/);
  });
});
