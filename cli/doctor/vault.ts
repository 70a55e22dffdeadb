import { z } from "zod";
import type { VaultConfig } from "../../config/schema";
import { type Answer, jsonOf, send } from "./https";

/** The token of a successful login, and for whom Vault has made it. */
export interface VaultLogin {
  readonly token: string;
  readonly policies: readonly string[];
  readonly role: string;
  readonly account: string;
}

const loginSchema = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    token_policies: z.array(z.string()).default([]),
    metadata: z.object({
      role: z.string(),
      service_account_name: z.string(),
      service_account_namespace: z.string(),
    }),
  }),
});

/** What Vault says against a request, in its own words. https://developer.hashicorp.com/vault/api-docs#error-response */
export function errorsOf(answer: Answer): string {
  const { errors } = (jsonOf(answer) ?? {}) as { errors?: unknown };
  const text = Array.isArray(errors) ? errors.map(String).join("; ") : "";
  return `HTTP ${answer.status}${text ? `: ${text}` : ""}`;
}

/** Vault's HTTP API, as far as the platform depends on it. https://developer.hashicorp.com/vault/api-docs */
export class VaultApi {
  constructor(private readonly vault: Pick<VaultConfig, "server" | "namespace" | "caCertificate">) {}

  health(): Promise<Answer> {
    // A standby can serve; without these it would answer with an error code of its own.
    return this.send("sys/health?standbyok=true&perfstandbyok=true", "GET");
  }

  /** Kubernetes auth: https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#login */
  login(mount: string, role: string, jwt: string): Promise<Answer> {
    return this.send(`auth/${mount}/login`, "POST", { role, jwt });
  }

  /** What a token may do with a path: https://developer.hashicorp.com/vault/api-docs/system/capabilities-self */
  async capabilities(token: string, path: string): Promise<readonly string[]> {
    const answer = await this.send("sys/capabilities-self", "POST", { paths: [path] }, token);
    const parsed = z.record(z.string(), z.unknown()).safeParse(jsonOf(answer));
    const listed = z.array(z.string()).safeParse(parsed.data?.[path] ?? parsed.data?.["capabilities"]);
    if (answer.status !== 200 || !listed.success) {
      throw new Error(`does not say what the role may read: ${errorsOf(answer)}`);
    }
    return listed.data;
  }

  async revoke(token: string): Promise<void> {
    await this.send("auth/token/revoke-self", "POST", undefined, token);
  }

  private send(path: string, method: string, body?: unknown, token?: string): Promise<Answer> {
    const { server, namespace, caCertificate } = this.vault;
    const headers = {
      "x-vault-request": "true",
      ...(namespace !== undefined && { "x-vault-namespace": namespace }),
      ...(token !== undefined && { "x-vault-token": token }),
    };
    return send(
      `${server}/v1/${path}`,
      { method, headers, ...(caCertificate && { ca: caCertificate }) },
      body,
    );
  }
}

/** @throws Error where Vault let somebody in and does not say whom. */
export function readLogin(answer: Answer): VaultLogin {
  const parsed = loginSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw new Error("answered a login without saying for whom");
  const { client_token: token, token_policies: policies, metadata } = parsed.data.auth;
  return {
    token,
    policies,
    role: metadata.role,
    account: `${metadata.service_account_namespace}/${metadata.service_account_name}`,
  };
}
