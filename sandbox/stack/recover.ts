import { existsSync, readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ApiException, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import type { Stack } from "@pulumi/pulumi/automation";
import { SandboxError } from "../errors";
import type { SandboxLayout } from "../layout";
import { identify } from "../processes/identity";
import { runEngine } from "./run-engine";

interface Lock {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
}

/** An operation that was under way when the engine was killed, as the state records it. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
  };
}

function readLocks(layout: SandboxLayout): Lock[] {
  const directory = join(layout.backend, ".pulumi", "locks");
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8")) as Lock);
}

/** Takes away the lock of an engine that no longer runs. */
async function cancelDeadLock(stack: Stack, layout: SandboxLayout): Promise<void> {
  const locks = readLocks(layout);
  if (locks.length === 0) return;
  const alive = locks.find((lock) => lock.hostname !== hostname() || identify(lock.pid) !== undefined);
  if (alive) {
    throw new SandboxError(
      `The state is locked by process ${alive.pid} of ${alive.username}@${alive.hostname} since ${alive.timestamp}`,
      "Wait until that command has ended, then run this one again.",
    );
  }
  await stack.cancel();
}

/** The identifier under which the provider knows a Kubernetes object; nothing for any other resource. */
export function objectId({ resource }: PendingOperation): string | undefined {
  if (!resource.type.startsWith("kubernetes:")) return undefined;
  const { name, namespace } = resource.inputs?.metadata ?? {};
  if (!name) return undefined;
  return namespace ? `${namespace}/${name}` : name;
}

async function exists(api: KubernetesObjectApi, { resource }: PendingOperation): Promise<boolean> {
  const { apiVersion, kind, metadata } = resource.inputs ?? {};
  if (!apiVersion || !kind || !metadata?.name) return false;
  try {
    await api.read({
      apiVersion,
      kind,
      metadata: { name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }) },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return false;
    // The API server does not know a kind whose definition was not written either.
    if (error instanceof Error && error.message.includes("Unrecognized API version and kind")) return false;
    throw error;
  }
}

/**
 * Makes a state that a killed engine left usable again: a dead lock goes, an object that was made is taken into the
 * state, and what was not made is forgotten.
 */
export async function recoverStack(
  stack: Stack,
  layout: SandboxLayout,
  kubeConfig: KubeConfig,
): Promise<void> {
  await cancelDeadLock(stack, layout);
  const { deployment } = await stack.exportStack();
  const pending =
    (deployment as { pending_operations?: PendingOperation[] } | undefined)?.pending_operations ?? [];
  if (pending.length === 0) return;

  const api = KubernetesObjectApi.makeApiClient(kubeConfig);
  const imports: string[] = [];
  for (const operation of pending.filter(({ type }) => type === "creating")) {
    const id = objectId(operation);
    if (id && (await exists(api, operation))) imports.push(operation.resource.urn, id);
  }
  const arguments_ = imports.flatMap((value) => ["--import-pending-creates", value]);
  await runEngine(stack, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", ...arguments_]);
}

/** Lifts the protection of every resource, for a stack that is to be removed as a whole. */
export async function unprotectStack(stack: Stack): Promise<void> {
  await runEngine(stack, ["state", "unprotect", "--all", "--yes"]);
}
