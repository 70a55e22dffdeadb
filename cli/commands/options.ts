import { InvalidArgumentError, type Command } from "commander";
import { connectGitHub, type GitHub } from "../github";
import { requirePlainText } from "../promotion/commit-message";
import type { Settings } from "../settings";

/** Collects an option that may be repeated; every value is one plain line. */
export function collectText(value: string, previous: readonly string[] = []): string[] {
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

/** What the commands read from the environment beside their options. */
const variables = {
  KUBECONFIG: "the kubeconfig with the contexts that infrastructure/promotion.yaml names",
  GITHUB_TOKEN: "where promotion.yaml names a GitHub repository: contents and pull requests, write",
  PROMETHEUS_TOKEN: "bearer token for Prometheus, where it wants one",
  REGISTRY_AUTH: "base64 of user:password, where the registry wants a login",
  SLACK_WEBHOOK_URL: "tells a channel what was done; a failure is a warning",
} as const;

/** Ends the help of a command with examples and the variables it reads. */
export function withNotes(
  command: Command,
  examples: readonly string[],
  reads: readonly (keyof typeof variables)[],
): Command {
  const lines = [
    "",
    "Examples:",
    ...examples.map((example) => `  npx platform ${example}`),
    "",
    "Environment:",
    ...reads.map((name) => `  ${name.padEnd(19)}${variables[name]}`),
  ];
  return command.addHelpText("after", lines.join("\n"));
}
