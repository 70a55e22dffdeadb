/** The `config` block of a stack file: values by `<project>:<key>`. */
export type StackValues = Readonly<Record<string, unknown>>;

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The base with the overrides laid over it: objects key by key, anything else as a whole. */
export function deepMerge(base: unknown, overrides: unknown): unknown {
  if (!isTree(base) || !isTree(overrides)) return overrides === undefined ? base : overrides;
  const keys = new Set([...Object.keys(base), ...Object.keys(overrides)]);
  // Every object inherits a `constructor`, which is no key of the file.
  const own = (tree: Tree, key: string) => (Object.hasOwn(tree, key) ? tree[key] : undefined);
  return Object.fromEntries([...keys].map((key) => [key, deepMerge(own(base, key), own(overrides, key))]));
}

/** The values without those that only the stack's own passphrase can read. */
export function withoutEncrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEncrypted);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => !(isTree(entry) && typeof entry["secure"] === "string"))
      .map(([key, entry]) => [key, withoutEncrypted(entry)]),
  );
}

/** The stack's secrets without the kubeconfig of a cluster that is reached by a file instead; both would be refused. */
export function withoutKubeconfig(secrets: unknown, cluster: string): unknown {
  if (!isTree(secrets) || !isTree(secrets["kubeconfigs"])) return secrets;
  const others = Object.entries(secrets["kubeconfigs"]).filter(([name]) => name !== cluster);
  return { ...secrets, kubeconfigs: Object.fromEntries(others) };
}

/** What the sandbox knows and a committed stack file cannot. */
export interface SandboxFacts {
  /** Path of each cluster's kubeconfig, by the name that the stack gives it. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  readonly context: string;
  readonly repositoryUrl: string;
  readonly branch: string;
  readonly authority: string;
  /** What the store must say to reach the sandbox's Vault. */
  readonly vault: Tree;
  /** Folder of stand-in charts; nothing where the public repositories are reachable. */
  readonly chartMirror?: string | undefined;
}

// Production must have a window, and one that held deliveries back would hide what the sandbox is there to show.
const oneMinuteAYear = { kind: "deny", schedule: "0 4 1 1 *", duration: "1m", timeZone: "UTC" };

interface Named extends Tree {
  readonly name: string;
}

// Address and authority come from the kubeconfig of the sandbox's own API server, not from the real cluster's entry.
const onThisMachine = { server: undefined, caCertificate: undefined };

/** What differs from the committed stack file, by key without the project's name. */
export function sandboxOverrides(committed: Tree, facts: SandboxFacts): Tree {
  const argocd = isTree(committed["argocd"]) ? committed["argocd"] : {};
  const hub = committed["hub"] as Named;
  const spokes = (committed["spokes"] ?? []) as readonly Named[];
  const connection = ({ name }: Named) => ({ kubeconfig: facts.kubeconfigs[name], context: facts.context });
  return {
    hub: { connection: connection(hub) },
    spokes: spokes.map((spoke) => ({ ...spoke, connection: connection(spoke), ...onThisMachine })),
    git: { url: facts.repositoryUrl, revision: facts.branch, caCertificate: facts.authority },
    allowLoopbackAddresses: true,
    ...(facts.chartMirror && { charts: { mirror: facts.chartMirror } }),
    ...(argocd["syncWindows"] !== undefined && { argocd: { syncWindows: [oneMinuteAYear] } }),
    ...(committed["vault"] !== undefined && { vault: facts.vault }),
  };
}

/** The secrets that parts of the sandbox know as well. */
export interface SharedSecrets {
  readonly git: { readonly username: string; readonly password: string };
  readonly webhookSecret: string;
  readonly sealingKey: { readonly certificate: string; readonly privateKey: string };
}

/** Secret values for whatever the stack has switched on, made for this sandbox alone. */
export function sandboxSecrets(
  committed: Tree,
  { webhookSecret, ...shared }: SharedSecrets,
  placeholder: () => string,
): Tree {
  const argocd = isTree(committed["argocd"]) ? committed["argocd"] : {};
  return {
    ...shared,
    argocd: {
      webhookSecret,
      ...(argocd["sso"] !== undefined && { oidcClientSecret: placeholder() }),
      ...(argocd["slackChannel"] !== undefined && { slackToken: placeholder() }),
      ...(argocd["pullRequestPreviews"] !== undefined && { pullRequestToken: placeholder() }),
    },
  };
}
