import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment";
import { parseConfig, parseEnvironment } from "./parse";
import { ConfigError } from "./problem";
import type { ResolvedConfig, SpokeConfig } from "./clusters";
import type { HubConfig, SecretsInput } from "./schema";

/** A tree of the same shape whose text is secret to Pulumi: encrypted in state, masked in output. */
type Secret<T> = T extends string ? pulumi.Output<string> : { [K in keyof T]: Secret<T[K]> };

/** A kubeconfig, as a path or as secret text, and the context to use. */
export interface ClusterConnection {
  readonly kubeconfig: pulumi.Input<string>;
  readonly context?: string | undefined;
}

/** What a stack says, checked, with everything under `secrets` secret and every cluster's kubeconfig found. */
export interface StackConfig extends Omit<ResolvedConfig, "secrets" | "hub" | "spokes"> {
  readonly environment: Environment;
  readonly hub: HubConfig & { readonly connection: ClusterConnection };
  readonly spokes: readonly (SpokeConfig & { readonly connection: ClusterConnection })[];
  readonly secrets: Secret<SecretsInput>;
}

function asSecret(value: unknown): unknown {
  if (typeof value === "string") return pulumi.secret(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(asSecret);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asSecret(entry)]));
}

function expandHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}

function readKubeconfig(path: string): string | undefined {
  try {
    return readFileSync(expandHome(path), "utf8");
  } catch {
    return undefined;
  }
}

/** Pulumi hands structures over as JSON text, and everything else as it was written. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The SDK exports this function, but marks it internal and leaves it out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Reads the configuration of the current stack; called once, by index.ts.
 *
 * @throws ConfigError before any resource is registered.
 */
export function loadConfig(): StackConfig {
  const environment = parseEnvironment(pulumi.getStack());
  const prefix = `${pulumi.getProject()}:`;
  const raw = Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), parseValue(text)]),
  );
  if (Object.keys(raw).length === 0) {
    throw new ConfigError(environment, [
      { path: "hub", message: `is missing; start from the committed Pulumi.${environment}.yaml` },
    ]);
  }
  const config = parseConfig(raw, {
    environment,
    isSecret: (key) => isConfigSecret(`${prefix}${key}`),
    readFile: readKubeconfig,
    now: new Date(),
  });
  const secrets = asSecret(config.secrets) as Secret<SecretsInput>;
  const connect = <T extends HubConfig | SpokeConfig>(cluster: T) => {
    const { context, kubeconfig } = cluster.connection;
    // The rules have refused clusters with neither.
    const source = kubeconfig === undefined ? secrets.kubeconfigs[cluster.name]! : expandHome(kubeconfig);
    return { ...cluster, connection: { context, kubeconfig: source } };
  };
  return { ...config, environment, secrets, hub: connect(config.hub), spokes: config.spokes.map(connect) };
}
