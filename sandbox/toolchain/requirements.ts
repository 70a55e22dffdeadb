import { readFileSync } from "node:fs";
import { execa } from "execa";
import semver from "semver";
import { SandboxError } from "../errors";

/** A program that must be on the machine before anything can be built. */
export interface Requirement {
  readonly name: string;
  readonly minimum: string;
  readonly versionArguments: readonly string[];
  readonly install: string;
}

/** The highest Go version that the given go.mod files ask for. */
export function requiredGoVersion(goModFiles: readonly string[]): string {
  const versions = goModFiles.map((file) => {
    const directive = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(readFileSync(file, "utf8"))?.[1];
    if (!directive) throw new Error(`${file} has no go directive`);
    return semver.coerce(directive, { includePrerelease: false })?.version ?? directive;
  });
  return semver.rsort(versions)[0] ?? "1.0.0";
}

/** What is wrong with the version that a program reports, or nothing. */
export function versionProblem(requirement: Requirement, printed: string | undefined): string | undefined {
  if (printed === undefined) return `${requirement.name} is not installed`;
  const version = semver.coerce(printed);
  if (!version) return `${requirement.name} reports no version ("${printed.split("\n")[0]}")`;
  if (semver.lt(version, requirement.minimum)) {
    return `${requirement.name} ${version.version} is too old; ${requirement.minimum} or newer is needed`;
  }
  return undefined;
}

async function printedVersion(requirement: Requirement): Promise<string | undefined> {
  const result = await execa(requirement.name, requirement.versionArguments, {
    reject: false,
    env: { GOTOOLCHAIN: "local" },
  });
  return result.failed ? undefined : result.stdout;
}

/** Refuses to go on when a program is missing or too old, naming all of them at once. */
export async function assertRequirements(requirements: readonly Requirement[]): Promise<void> {
  const problems = await Promise.all(
    requirements.map(async (requirement) => {
      const problem = versionProblem(requirement, await printedVersion(requirement));
      return problem ? [{ problem, install: requirement.install }] : [];
    }),
  );
  const found = problems.flat();
  if (found.length > 0) {
    throw new SandboxError(
      found.map(({ problem }) => problem).join("; "),
      `Install ${found.map(({ install }) => install).join(" and ")}, then run the command again.`,
    );
  }
}
