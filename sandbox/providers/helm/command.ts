import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfigOf } from "../kubernetes/api/kubeconfig";
import type { Access } from "../kubernetes/api/kubeconfig";

/** Helm could not do what it was asked to. */
export class HelmError extends Error {}

export interface HelmCall {
  arguments: string[];
  /** The cluster as the provider was configured for it. */
  access: Access;
  /** Values as JSON; they reach Helm by its standard input, so that secrets stand in no file and no process list. */
  values?: unknown;
  environment?: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Runs Helm (`PLATFORM_HELM`, or the one on PATH) against a cluster and returns what it prints. */
export async function helm(call: HelmCall): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "pulumi-helm-"));
  try {
    const kubeconfig = join(directory, "kubeconfig");
    await writeFile(kubeconfig, kubeconfigOf(call.access), { mode: 0o600 });
    return await run(call, ["--kubeconfig", kubeconfig]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function run(call: HelmCall, connection: string[]): Promise<string> {
  const binary = process.env["PLATFORM_HELM"] || "helm";
  const values = call.values === undefined ? [] : ["--values", "-"];
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [...call.arguments, ...values, ...connection], {
      env: { ...process.env, ...call.environment },
      signal: call.signal,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      const missing = `helm was not found: set PLATFORM_HELM to its path or put it on PATH`;
      reject(new HelmError(error.code === "ENOENT" ? missing : error.message));
    });
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else
        reject(
          new HelmError(Buffer.concat(errors).toString("utf8").trim() || `helm exited with code ${code}`),
        );
    });
    // Helm may stop before it has read everything; its own message then says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(call.values === undefined ? "" : JSON.stringify(call.values));
  });
}
