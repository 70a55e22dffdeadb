import { readFileSync } from "node:fs";
import { jsonOf, send } from "../../cli/doctor/https";
import { credentialFiles } from "../control-plane/credentials";
import { SandboxError } from "../errors";
import type { SandboxLayout } from "../layout";

/** Vault's HTTP API with every right: https://developer.hashicorp.com/vault/api-docs */
export interface VaultClient {
  /** The field `data` of the answer; undefined where there is nothing at this path. */
  readonly read: (path: string) => Promise<unknown>;
  readonly write: (path: string, body: object) => Promise<void>;
}

/** @throws SandboxError from both calls where Vault refuses; its message never repeats what was sent. */
export function vaultClient(layout: SandboxLayout): VaultClient {
  const ca = readFileSync(credentialFiles(layout).authority);
  const headers = { "x-vault-token": readFileSync(layout.vaultToken, "utf8") };
  const call = async (method: string, path: string, body?: object) => {
    const url = `https://127.0.0.1:${layout.ports.vault}/v1/${path}`;
    const answer = await send(url, { method, headers, ca }, body);
    const { data, errors = [] } = (jsonOf(answer) ?? {}) as { data?: unknown; errors?: string[] };
    if (answer.status === 404 && errors.length === 0) return undefined;
    if (answer.status >= 300) {
      throw new SandboxError(
        `Vault refused ${method} ${path}: HTTP ${answer.status} ${errors.join("; ")}`,
        "Take the sandbox down and bring it up again: make down && make up",
      );
    }
    return data;
  };
  return {
    read: (path) => call("GET", path),
    write: async (path, body) => void (await call("POST", path, body)),
  };
}
