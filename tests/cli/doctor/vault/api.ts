import { readFileSync } from "node:fs";
import { login, LoginRefused, type ReviewToken } from "./login";
import { capabilitiesOf } from "./policy";
import type { VaultSettings } from "./settings";
import type { Session, Tokens } from "./tokens";

export interface VaultRequest {
  readonly method: string;
  /** Below /v1/. */
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}

export interface VaultAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface VaultParts {
  readonly settings: VaultSettings;
  readonly tokens: Tokens;
  readonly reviewer: (kubeconfig: string) => ReviewToken;
  readonly now: () => Date;
}

function refuse(status: number, ...errors: string[]): VaultAnswer {
  return { status, body: { errors } };
}

const denied = refuse(403, "permission denied");

function text(body: unknown, key: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[key];
  return typeof value === "string" ? value : "";
}

function health(now: Date): VaultAnswer {
  return {
    status: 200,
    body: {
      initialized: true,
      sealed: false,
      standby: false,
      version: "stand-in",
      server_time_utc: Math.floor(now.getTime() / 1000),
    },
  };
}

/** Every token has the policy `default`, too. */
function withDefault(policies: readonly string[]): string[] {
  return ["default", ...policies];
}

async function kubernetesLogin(mountPath: string, body: unknown, parts: VaultParts): Promise<VaultAnswer> {
  const mount = parts.settings.authMounts[mountPath];
  if (!mount) return denied;
  const roleName = text(body, "role");
  try {
    const account = await login(mount.roles, roleName, text(body, "jwt"), parts.reviewer(mount.kubeconfig));
    const role = mount.roles[roleName]!;
    const policies = withDefault(role.tokenPolicies);
    return {
      status: 200,
      body: {
        auth: {
          client_token: parts.tokens.issue(role.tokenPolicies, role.tokenTtl),
          policies,
          token_policies: policies,
          metadata: {
            role: roleName,
            service_account_name: account.name,
            service_account_namespace: account.namespace,
            service_account_uid: account.uid,
            service_account_secret_name: "",
          },
          lease_duration: role.tokenTtl,
          renewable: true,
          token_type: "service",
        },
      },
    };
  } catch (error) {
    if (error instanceof LoginRefused) return refuse(error.status, error.message);
    // Vault does not tell a client why its own review failed.
    return denied;
  }
}

function capabilities(body: unknown, granted: readonly string[], settings: VaultSettings): VaultAnswer {
  const { paths } = (body ?? {}) as { paths?: unknown };
  if (!Array.isArray(paths) || paths.length === 0) return refuse(400, "paths must be supplied");
  const byPath = Object.fromEntries(
    paths.map(String).map((path) => [path, capabilitiesOf(settings.policies, granted, path)]),
  );
  const [only] = Object.values(byPath);
  return {
    status: 200,
    body: { ...byPath, ...(paths.length === 1 && { capabilities: only }), data: byPath },
  };
}

/** What every token may ask about itself; External Secrets does so before it uses one. */
function lookup({ policies, expires }: Session, now: Date): VaultAnswer {
  const data = {
    type: "service",
    policies: withDefault(policies),
    ttl: Math.ceil((expires - now.getTime()) / 1000),
    expire_time: new Date(expires).toISOString(),
    renewable: true,
  };
  return { status: 200, body: { data } };
}

function readKey(key: string, { settings, now }: VaultParts): VaultAnswer {
  const secrets = JSON.parse(readFileSync(settings.secretsFile, "utf8")) as Record<string, unknown>;
  const data = secrets[key];
  if (data === undefined) return refuse(404);
  const metadata = { created_time: now().toISOString(), version: 1, destroyed: false, deletion_time: "" };
  return { status: 200, body: { data: { data, metadata } } };
}

/** Answers one request of Vault's HTTP API as https://developer.hashicorp.com/vault/api-docs describes it. */
export async function answer(request: VaultRequest, parts: VaultParts): Promise<VaultAnswer> {
  const { method, path, token, body } = request;
  const { settings, tokens } = parts;
  if (path === "sys/health") return health(parts.now());
  const mount = /^auth\/(.+)\/login$/.exec(path)?.[1];
  if (mount && (method === "POST" || method === "PUT")) return kubernetesLogin(mount, body, parts);

  const session = tokens.sessionOf(token);
  if (!session) return denied;
  const { policies: granted } = session;
  if (path === "auth/token/lookup-self" && method === "GET") return lookup(session, parts.now());
  if (path === "sys/capabilities-self") return capabilities(body, granted, settings);
  if (path === "auth/token/revoke-self") {
    tokens.revoke(token);
    return { status: 204 };
  }
  const data = `${settings.keyValueMount}/data/`;
  if (method !== "GET" || !capabilitiesOf(settings.policies, granted, path).includes("read")) return denied;
  return path.startsWith(data) ? readKey(path.slice(data.length), parts) : refuse(404);
}
