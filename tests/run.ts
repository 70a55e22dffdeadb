import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

interface Failure {
  readonly title: string;
  readonly message: string;
}

interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly skipped: readonly string[];
  readonly failed: readonly Failure[];
}

function outcome(title: string, passed: boolean): Counts {
  const failed = passed ? [] : [{ title, message: "see above" }];
  return { passes: passed ? 1 : 0, failures: failed.length, skipped: [], failed };
}

const root = join(__dirname, "..");

/** End-to-end tests that this run leaves out, since it must end within an hour; `npm run test:e2e` runs them all. */
const leftOut = [
  {
    file: "tests/e2e/production.spec.ts",
    why: "brings up three clusters, twice, which takes a quarter of an hour",
  },
] as const;

/** Lines of a failure's message in the closing summary; all of it stands where it happened. */
const shownLines = 8;

async function command(title: string, file: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n== ${title}`);
  const { exitCode } = await execa(file, args, {
    cwd: root,
    stdio: "inherit",
    preferLocal: true,
    reject: false,
  });
  return exitCode === 0;
}

/** A check that has no tests of its own counts as one. */
async function check(title: string, script: string): Promise<Counts> {
  return outcome(title, await command(title, "npm", ["run", "--silent", script]));
}

/** Runs mocha; a run that ends without its counts, or in error although nothing failed, counts as a failure. */
async function mocha(title: string, args: readonly string[]): Promise<Counts> {
  const directory = mkdtempSync(join(tmpdir(), "test-counts-"));
  const output = join(directory, "counts.json");
  const reporter = ["--reporter", "./tests/counting-reporter.cjs", "--reporter-option", `output=${output}`];
  try {
    const passed = await command(title, "mocha", [...args, ...reporter]);
    if (!existsSync(output)) return outcome(title, false);
    const counts = JSON.parse(readFileSync(output, "utf8")) as Counts;
    const { failures, failed } = outcome(title, passed);
    return counts.failures > 0 ? counts : { ...counts, failures, failed };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Builds the sandbox's tools before a test waits for them. */
async function tools(): Promise<Counts> {
  const title = "Tools of the sandbox";
  return outcome(title, await command(title, "node", ["--import", "tsx", "sandbox/main.ts", "tools"]));
}

async function main(): Promise<void> {
  const all: Counts[] = [
    await check("Format", "format:check"),
    await check("Lint", "lint"),
    await check("Types", "types"),
    await mocha("Unit tests", []),
    await tools(),
    await mocha("End to end", [
      ...["--config", "tests/e2e/.mocharc.json"],
      ...leftOut.flatMap(({ file }) => ["--ignore", file]),
    ]),
  ];
  const sum = (count: (counts: Counts) => number) => all.reduce((total, counts) => total + count(counts), 0);
  const skipped = all.flatMap((counts) => counts.skipped);
  const failed = sum(({ failures }) => failures);
  for (const { file, why } of leftOut) console.log(`skipped: ${file}: ${why}`);
  for (const title of skipped) console.log(`skipped: ${title}`);
  for (const { title, message } of all.flatMap((counts) => counts.failed)) {
    console.log(`failed: ${title}\n  ${message.split("\n").slice(0, shownLines).join("\n  ")}`);
  }
  console.log(`\n${sum(({ passes }) => passes)} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

void main();
