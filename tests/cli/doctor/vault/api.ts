import { login, LoginRefused, type ReviewToken } from "./login";
import { capabilitiesOf } from "./policy";
import type { VaultSettings } from "./settings";
import type { Tokens } from "./tokens";

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

/** Answers what doctor asks of Vault's HTTP API, as https://developer.hashicorp.com/vault/api-docs describes it. */
export async function answer(request: VaultRequest, parts: VaultParts): Promise<VaultAnswer> {
  const { method, path, token, body } = request;
  const { settings, tokens } = parts;
  if (path === "sys/health") return health(parts.now());
  const mount = /^auth\/(.+)\/login$/.exec(path)?.[1];
  if (mount && (method === "POST" || method === "PUT")) return kubernetesLogin(mount, body, parts);

  const session = tokens.sessionOf(token);
  if (!session) return denied;
  if (path === "sys/capabilities-self") return capabilities(body, session.policies, settings);
  if (path === "auth/token/revoke-self") {
    tokens.revoke(token);
    return { status: 204 };
  }
  return denied;
}
