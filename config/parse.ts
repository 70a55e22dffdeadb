import type { z } from "zod";
import { resolveClusters, type ReadFile, type ResolvedConfig } from "./clusters";
import { environments, isEnvironment, nearestEnvironment, type Environment } from "./environment";
import { ConfigError, type Problem } from "./problem";
import { crossFieldProblems, type RuleFacts } from "./rules";
import { stackSchema } from "./schema";

function describePath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    "",
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    root,
  );
}

/** The value that is wrong, quoted for the message; a secret is never repeated. */
function quote(root: unknown, path: readonly PropertyKey[]): string {
  const value = valueAt(root, path);
  if (path[0] === "secrets" || value === undefined || typeof value === "object") return "";
  // An address may carry what should have been a secret.
  const text = String(value).replace(/\/\/[^/@]*@/, "//***@");
  return `"${text.length > 80 ? `${text.slice(0, 77)}...` : text}" `;
}

function describeIssue(issue: z.core.$ZodIssue, root: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: describePath([...issue.path, key]),
      message:
        "is not a key of this configuration; remove it or correct its spelling (see Pulumi.yaml and config/schema.ts)",
    }));
  }
  const path = describePath(issue.path);
  const missing = issue.code === "invalid_type" && valueAt(root, issue.path) === undefined;
  return [{ path, message: missing ? "is missing; set it" : `${quote(root, issue.path)}${issue.message}` }];
}

/** The environment of a stack; the stack's name is the environment's name and nothing else. */
export function parseEnvironment(stack: string): Environment {
  if (isEnvironment(stack)) return stack;
  throw new ConfigError(stack, [
    {
      path: "stack",
      message: `"${stack}" is not an environment (${environments.join(", ")}); did you mean "${nearestEnvironment(stack)}"?`,
    },
  ]);
}

/**
 * The configuration of one stack, checked as a whole.
 *
 * @throws ConfigError with every problem found; the rules between keys are read once each key is well formed.
 */
export function parseConfig(
  raw: unknown,
  facts: RuleFacts & { readonly readFile: ReadFile },
): ResolvedConfig {
  const parsed = stackSchema.safeParse(raw);
  if (!parsed.success) {
    throw new ConfigError(
      facts.environment,
      parsed.error.issues.flatMap((issue) => describeIssue(issue, raw)),
    );
  }
  const resolved = resolveClusters(parsed.data, facts.readFile, facts.now);
  const problems = [...resolved.problems, ...crossFieldProblems(resolved.config, facts)];
  if (problems.length > 0) throw new ConfigError(facts.environment, problems);
  return resolved.config;
}
