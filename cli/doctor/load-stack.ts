import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ResolvedConfig } from "../../config/clusters";
import { parseConfig } from "../../config/parse";
import { ConfigError } from "../../config/problem";
import { CliError } from "../errors";
import { pulumi, type PulumiStack } from "../pulumi";
import { ClusterApi } from "./cluster-api";
import type { Cluster } from "./context";
import { type Finding, invalid, ok, reasonOf } from "./finding";
import { readDecrypted, readStackFile, type StackFile } from "./stack-file";

/** What is known of a stack before the world is asked. */
export interface LoadedStack {
  readonly findings: readonly Finding[];
  /** Undefined where the stack file is refused; nothing else can be checked then. */
  readonly config?: ResolvedConfig;
  readonly clusters: readonly Cluster[];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path.replace(/^~(?=\/|$)/, homedir()), "utf8");
  } catch {
    return undefined;
  }
}

/** The stack's values; the engine is asked only where the file holds something that only it can read. */
async function readValues(stack: PulumiStack, file: StackFile): Promise<Readonly<Record<string, unknown>>> {
  if (file.encrypted.length === 0) return file.values;
  const json = await pulumi(stack, ["config", "--show-secrets", "--json", "--stack", stack.stack]);
  return readDecrypted(json, stack.project);
}

function clustersOf(config: ResolvedConfig): Cluster[] {
  return [
    { path: "hub", role: "hub" as const, cluster: config.hub },
    ...config.spokes.map((cluster, index) => ({ path: `spokes[${index}]`, role: "spoke" as const, cluster })),
  ].map(({ path, role, cluster: { name, connection } }) => {
    const stored = config.secrets.kubeconfigs[name];
    // parseConfig has refused a cluster with neither.
    const kubeconfig = stored ?? readText(connection.kubeconfig ?? "") ?? "";
    return {
      name,
      role,
      key: stored === undefined ? `${path}.connection.kubeconfig` : `secrets.kubeconfigs.${name}`,
      kubeconfig,
      context: connection.context,
      api: ClusterApi.fromKubeconfig(kubeconfig, connection.context),
    };
  });
}

/**
 * Reads and checks the configuration of a stack as `pulumi up` would, and more strictly in one thing: no value below
 * `secrets` may stand in the file in plain text, not even beside others that are encrypted.
 */
export async function loadStack(stack: PulumiStack, now: Date): Promise<LoadedStack> {
  const name = `Pulumi.${stack.stack}.yaml`;
  const refuse = (findings: readonly Finding[]): LoadedStack => ({ findings, clusters: [] });
  const text = readText(join(stack.directory, name));
  if (text === undefined) {
    return refuse([invalid(name, "cannot be read", `start from the committed ${name}`)]);
  }
  try {
    const file = readStackFile(text, name, stack.project);
    const plain = file.plainSecrets.map((path) =>
      invalid(
        `${stack.project}:${path}`,
        "stands in plain text",
        `replace the value at its source, then: pulumi config set --stack ${stack.stack} --secret --path '${stack.project}:${path}'`,
      ),
    );
    if (plain.length > 0) return refuse(plain);
    const values = await readValues(stack, file);
    const config = parseConfig(values, {
      environment: stack.stack,
      // Every leaf below `secrets` has just been found encrypted.
      isSecret: () => true,
      readFile: readText,
      now,
    });
    const secrets = file.encrypted.length;
    return {
      findings: [ok(name, `is complete; ${secrets} encrypted ${secrets === 1 ? "value" : "values"}`)],
      config,
      clusters: clustersOf(config),
    };
  } catch (error) {
    if (error instanceof ConfigError) {
      return refuse(
        error.problems.map(({ path, message }) =>
          invalid(`${stack.project}:${path}`, message, `correct the value in ${name}`),
        ),
      );
    }
    if (error instanceof CliError) {
      return refuse([
        invalid(
          name,
          error.message,
          "log in to the stack's backend and set its passphrase, or correct the file",
        ),
      ]);
    }
    return refuse([invalid(name, reasonOf(error), "correct the file")]);
  }
}
