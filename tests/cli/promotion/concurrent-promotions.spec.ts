import assert from "node:assert/strict";
import fc from "fast-check";
import { promoteAs, type Outcome } from "../support/people";
import { git, TemporaryRepository } from "../support/repository";

const tags = {
  dev: { bff: "2", audit: "2", validation: "2" },
  staging: { bff: "1", audit: "1", validation: "1" },
};
const services = Object.keys(tags.dev);
const some = fc.subarray(services, { minLength: 1 });

function deliveries(repository: TemporaryRepository): string[] {
  return git(repository.remote, "log", "--format=%s", "main")
    .split("\n")
    .filter((subject) => subject.startsWith("promote:"));
}

describe("two promotions at the same time", function () {
  this.timeout(120_000);

  it("end with both delivered, or one cleanly refused, in any order of their steps", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), some, some, fc.boolean(), async (scheduler, first, second, moves) => {
        const repository = new TemporaryRepository(tags, "");
        try {
          const other = repository.cloneFor("Grace");
          const pause = (person: string) => (step: string) =>
            scheduler.schedule(Promise.resolve(), `${person} ${step}`);
          const third = moves
            ? scheduler
                .schedule(Promise.resolve(), "dev moves on")
                .then(() => repository.setImage("dev", "bff", "3"))
            : Promise.resolve("");
          const people = [
            promoteAs(repository.clone, first, pause("first")),
            promoteAs(other, second, pause("second")),
          ];
          const [outcomes] = await scheduler.waitFor(Promise.all([Promise.all(people), third]));
          assertSound(repository, outcomes, [first, second]);
        } finally {
          repository.remove();
        }
      }),
      { numRuns: 8 },
    );
  });

  it("pass each other where they concern different services", async () => {
    const repository = new TemporaryRepository(tags, "");
    const other = repository.cloneFor("Grace");
    let arrived = 0;
    // Both have planned and been judged on the same commit before either pushes.
    const together = async (step: string) => {
      if (step !== "confirm") return;
      arrived++;
      while (arrived < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const outcomes = await Promise.all([
      promoteAs(repository.clone, ["bff"], together),
      promoteAs(other, ["audit"], together),
    ]);
    assert.deepEqual(outcomes, ["pushed", "pushed"]);
    assert.deepEqual(
      services.map((service) => repository.tag("staging", service)),
      ["2", "2", "1"],
    );
    repository.remove();
  });
});

/** What is pushed is there, what is refused is not, and nothing is half of each. */
function assertSound(
  repository: TemporaryRepository,
  outcomes: readonly Outcome[],
  wanted: readonly (readonly string[])[],
): void {
  const pushed = outcomes.filter((outcome) => outcome === "pushed").length;
  assert.equal(deliveries(repository).length, pushed, `one commit per delivery: ${outcomes.join(", ")}`);
  assert.ok(pushed >= 1, "at least one gets through");
  for (const service of services) {
    const delivered = wanted.some((list, index) => outcomes[index] !== "refused" && list.includes(service));
    assert.match(repository.tag("staging", service), delivered ? /^[23]$/ : /^1$/, service);
  }
  assert.equal(git(repository.remote, "rev-list", "--merges", "--count", "main"), "0");
}
