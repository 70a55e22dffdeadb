import { execa } from "execa";
import { branch } from "../git/repository";

/** Names of the folders directly under a path of the served branch. */
async function folders(repository: string, path: string): Promise<string[]> {
  const { stdout } = await execa("git", ["ls-tree", "-d", "--name-only", `${branch}:${path}`], {
    cwd: repository,
  });
  return stdout.split("\n").filter((name) => name !== "");
}

/** The Applications that must come of what git holds: the root, and one per service of the environment and cluster. */
export async function expectedApplications(
  repository: string,
  environment: string,
  clusters: readonly string[],
): Promise<string[]> {
  const services = await folders(repository, `infrastructure/k8s/overlays/${environment}`);
  return ["root", ...clusters.flatMap((cluster) => services.map((service) => `${service}-${cluster}`))];
}
