import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Environment } from "../../config/environment";
import { parseConfig } from "../../config/parse";
import type { ResolvedConfig } from "../../config/clusters";
import { kubeconfig, kubeconfigOf, testCertificate, testKeyPair } from "../stack-config";

const fixtures = path.join(__dirname, "..", "fixtures");

/** A configuration with one fault, which the file is named by. */
export interface ConfigFixture {
  readonly environment: Environment;
  /** Changes to the valid configuration, by dotted path; null removes. */
  readonly set: Record<string, unknown>;
  readonly plain?: boolean;
  readonly now?: string;
}

export interface Named<T> {
  readonly fault: string;
  readonly fixture: T;
}

/** Every fixture of a folder, by the fault that its file is named after. */
export function readFixtures<T>(folder: string): Named<T>[] {
  return readdirSync(path.join(fixtures, folder))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => ({
      fault: path.basename(file, ".yaml"),
      fixture: parse(readFileSync(path.join(fixtures, folder, file), "utf8")) as T,
    }));
}

const encode = (text: string) => Buffer.from(text).toString("base64");
const expired = `e30.${Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString("base64url")}.canary`;

const spoke = () => ({ name: "eu", server: "https://eu.example.com", caCertificate: testCertificate() });

/** Values that a fixture names instead of repeating. */
const named: Record<string, () => unknown> = {
  KUBECONFIG: () => kubeconfig,
  WITHOUT_CURRENT_CONTEXT: () => kubeconfig.replace(/current-context.*\n/, ""),
  WITH_FILE_PATHS: () =>
    kubeconfig.replace("token: canary-kubeconfig-token", "client-certificate: /tmp/client.pem"),
  INSECURE: () => kubeconfig.replace("server:", "insecure-skip-tls-verify: true, server:"),
  INSECURE_BESIDE_CA: () =>
    kubeconfig.replace(
      "server:",
      "insecure-skip-tls-verify: true, certificate-authority-data: Q0E=, server:",
    ),
  CA_ENCODED_TWICE: () =>
    kubeconfig.replace(
      "server:",
      `certificate-authority-data: ${encode(encode(testCertificate()))}, server:`,
    ),
  CA_OF_TODAY: () =>
    kubeconfig.replace("server:", `certificate-authority-data: ${encode(testCertificate())}, server:`),
  TOKEN_EXPIRED: () => kubeconfig.replace("canary-kubeconfig-token", expired),
  OVER_HTTP: () => kubeconfig.replace("https://one", "http://one"),
  KEY_PAIR: testKeyPair,
  SPOKE: spoke,
  OTHER_SPOKE: () => ({ ...spoke(), name: "us", server: "https://us.example.com" }),
  WINDOW: () => ({ kind: "allow", schedule: "0 2 * * *", duration: "2h", timeZone: "Europe/Berlin" }),
};

function resolve(value: unknown): unknown {
  if (typeof value === "string") return named[value]?.() ?? value;
  return Array.isArray(value) ? value.map(resolve) : value;
}

type Tree = Record<string, unknown>;

function validConfig(): Tree {
  return {
    hub: { name: "dev", connection: { kubeconfig: "/valid" } },
    spokes: [],
    git: { url: "https://github.com/organization/platform" },
    argocd: { domain: "argocd.example.com", syncWindows: [], access: {} },
    versions: { charts: {} },
    secrets: { kubeconfigs: { eu: kubeconfigOf("eu"), us: kubeconfigOf("us") }, argocd: {} },
  };
}

function apply(config: Tree, changes: Record<string, unknown>): Tree {
  for (const [dotted, value] of Object.entries(changes)) {
    const keys = dotted.split(".");
    const last = keys.pop()!;
    const parent = keys.reduce((tree, key) => tree[key] as Tree, config);
    if (value === null) delete parent[last];
    else parent[last] = resolve(value);
  }
  // Only fixtures about clusters need the kubeconfigs of spokes.
  const names = (config["spokes"] as { name: string }[]).map(({ name }) => name);
  const secrets = config["secrets"] as { kubeconfigs: Tree };
  for (const name of ["eu", "us"]) if (!names.includes(name)) delete secrets.kubeconfigs[name];
  return config;
}

/** Reads the valid configuration with a fixture's changes. */
export function parseFixture(fixture: ConfigFixture): ResolvedConfig {
  return parseConfig(apply(validConfig(), fixture.set), {
    environment: fixture.environment,
    isSecret: () => !fixture.plain,
    readFile: (file) => (file === "/valid" ? kubeconfig : undefined),
    now: new Date(fixture.now ?? Date.now()),
  });
}
