import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "../../config/environment";
import { CliError } from "../errors";
import { readYaml } from "./yaml";

const named = z.object({ name: z.string() });

/** The part of a stack's settings that says which clusters there are. */
const stack = z.object({
  config: z.object({
    "gitops-platform:hub": named,
    "gitops-platform:spokes": z.array(named).default([]),
  }),
});

/** The clusters of an environment. */
export interface Clusters {
  readonly hub: string;
  readonly spokes: readonly string[];
}

/**
 * The clusters that `Pulumi.<environment>.yaml` registers, or undefined where the stack does not exist.
 *
 * @throws CliError when the file does not say.
 */
export async function clustersOf(root: string, environment: Environment): Promise<Clusters | undefined> {
  const file = `Pulumi.${environment}.yaml`;
  if (!existsSync(join(root, file))) return undefined;
  const { documents, problems } = readYaml(await readFile(join(root, file), "utf8"), file);
  if (problems[0]) throw new CliError(`${file} ${problems[0].message}`);
  const { data, error } = stack.safeParse(documents[0]?.value);
  if (!data) {
    const [issue] = error.issues;
    throw new CliError(
      `${file}: ${issue!.path.join(".")}: ${issue!.message}; state the name of each cluster`,
    );
  }
  const { "gitops-platform:hub": hub, "gitops-platform:spokes": spokes } = data.config;
  return { hub: hub.name, spokes: spokes.map(({ name }) => name) };
}
