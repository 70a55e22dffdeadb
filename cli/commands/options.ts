import { InvalidArgumentError } from "commander";
import { connectGitHub, type GitHub } from "../github";
import { requirePlainText } from "../promotion/commit-message";
import type { Settings } from "../settings";

/** Collects an option that may be repeated; every value is one plain line. */
export function collectText(value: string, previous: readonly string[]): string[] {
  return [...previous, requirePlainText(value, `"${JSON.stringify(value).slice(1, 40)}"`)];
}

/** A whole number of seconds from 1 to one day. */
export function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (/^\d+$/.test(value) && seconds >= 1 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError("It is not a number of seconds from 1 to 86400.");
}

/** GitHub where promotion.yaml names a repository; a dry run does without where there is no token. */
export function githubOf(settings: Settings, dryRun: boolean): GitHub | undefined {
  if (!settings.github || (dryRun && !process.env["GITHUB_TOKEN"])) return undefined;
  return connectGitHub(settings.github);
}
