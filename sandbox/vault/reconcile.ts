import { ZodError } from "zod";
import type { ClusterApi, Tree } from "../../cli/doctor/cluster-api";
import { durationMinutes } from "../../config/formats";
import {
  type ExternalSecret,
  fetchData,
  openStore,
  readExternalSecret,
  readStore,
  type VaultSession,
} from "./external-secrets";

const base = "/apis/external-secrets.io/v1";
/** After a failure, and for a store that is Ready. */
const retryMilliseconds = 5_000;
const revalidateMilliseconds = 60_000;

interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** What the last pass has done, by uid. */
export interface Memory {
  readonly due: Map<string, number>;
  readonly sessions: Map<string, VaultSession>;
}

export function newMemory(): Memory {
  return { due: new Map(), sessions: new Map() };
}

interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
}

function metadataOf(object: Tree): ObjectMetadata {
  return object["metadata"] as ObjectMetadata;
}

function reasonOf(error: unknown): string {
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return `the stand-in does not do what ${issue?.path.join(".")} asks for`;
  }
  return (error as Error).message;
}

async function must(answer: Promise<{ status: number }>, what: string): Promise<void> {
  const { status } = await answer;
  // Somebody else has written in between; the next pass reads the object anew.
  if (status === 409) return;
  if (status < 200 || status > 299) throw new Error(`cannot ${what}: HTTP ${status}`);
}

async function setCondition(
  api: ClusterApi,
  plural: string,
  object: Tree,
  condition: Condition,
  more: Tree,
  now: Date,
): Promise<void> {
  const { name, namespace } = metadataOf(object);
  const status = (object["status"] ?? {}) as { conditions?: (Condition & { lastTransitionTime?: string })[] };
  const before = status.conditions?.find(({ type }) => type === condition.type);
  const unchanged = before?.status === condition.status && before.reason === condition.reason;
  if (unchanged && before.message === condition.message && Object.keys(more).length === 0) return;
  const lastTransitionTime = unchanged ? before.lastTransitionTime : now.toISOString().replace(/\.\d+Z/, "Z");
  const conditions = [
    ...(status.conditions ?? []).filter(({ type }) => type !== condition.type),
    { ...condition, lastTransitionTime },
  ];
  const path = `${base}/namespaces/${namespace}/${plural}/${name}/status`;
  const body = { ...object, status: { ...status, ...more, conditions } };
  await must(api.send(path, "PUT", body), `write the status of ${plural}/${name}`);
}

async function reconcileStore(api: ClusterApi, object: Tree, memory: Memory, now: Date): Promise<void> {
  const { namespace, name, uid, generation } = metadataOf(object);
  const due = `${uid}/${generation}`;
  if ((memory.due.get(due) ?? 0) > now.getTime()) return;
  const key = `${namespace}/${name}`;
  try {
    memory.sessions.set(key, await openStore(api, readStore(object)));
    const condition = { type: "Ready", status: "True", reason: "Valid", message: "store validated" } as const;
    await setCondition(api, "secretstores", object, condition, {}, now);
    memory.due.set(due, now.getTime() + revalidateMilliseconds);
  } catch (error) {
    memory.sessions.delete(key);
    memory.due.set(due, now.getTime() + retryMilliseconds);
    const message = reasonOf(error);
    const condition = { type: "Ready", status: "False", reason: "InvalidProviderConfig", message } as const;
    await setCondition(api, "secretstores", object, condition, {}, now);
  }
}

/** Writes the Secret as the real controller does under creation policy Owner: it goes with its ExternalSecret. */
async function writeSecret(
  api: ClusterApi,
  { metadata, spec }: ExternalSecret,
  data: Record<string, string>,
): Promise<string> {
  const name = spec.target.name ?? metadata.name;
  const path = `/api/v1/namespaces/${metadata.namespace}/secrets`;
  const existing = await api.read(`${path}/${name}`);
  const owner = {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const owners = ((existing?.["metadata"] ?? {}) as { ownerReferences?: { uid: string }[] }).ownerReferences;
  if (existing && !owners?.some(({ uid }) => uid === metadata.uid)) {
    throw new Error(`the Secret ${name} belongs to somebody else`);
  }
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { "reconcile.external-secrets.io/managed": "true" },
      ownerReferences: [owner],
    },
    type: "Opaque",
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
    ),
  };
  const call = existing ? api.send(`${path}/${name}`, "PUT", secret) : api.send(path, "POST", secret);
  await must(call, `write the Secret ${name}`);
  return name;
}

/** Refresh intervals shorter than a minute are read as one; nothing in the sandbox needs them. */
function refreshMilliseconds(interval: string): number {
  return Math.max(1, durationMinutes(interval)) * 60_000;
}

async function isFresh(api: ClusterApi, object: Tree, memory: Memory, now: Date): Promise<boolean> {
  const { namespace, name, uid, generation } = metadataOf(object);
  if ((memory.due.get(`${uid}/${generation}`) ?? 0) <= now.getTime()) return false;
  const { target } = object["spec"] as { target?: { name?: string } };
  const status = (object["status"] ?? {}) as { conditions?: Condition[] };
  if (!status.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"))
    return true;
  return (await api.read(`/api/v1/namespaces/${namespace}/secrets/${target?.name ?? name}`)) !== undefined;
}

async function reconcileExternalSecret(
  api: ClusterApi,
  object: Tree,
  memory: Memory,
  now: Date,
): Promise<void> {
  if (await isFresh(api, object, memory, now)) return;
  const { namespace, uid, generation } = metadataOf(object);
  const due = `${uid}/${generation}`;
  try {
    const wanted = readExternalSecret(object);
    const session = memory.sessions.get(`${namespace}/${wanted.spec.secretStoreRef.name}`);
    if (!session) throw new Error(`SecretStore "${wanted.spec.secretStoreRef.name}" is not ready`);
    const name = await writeSecret(api, wanted, await fetchData(wanted, session));
    memory.due.set(due, now.getTime() + refreshMilliseconds(wanted.spec.refreshInterval));
    const condition = {
      type: "Ready",
      status: "True",
      reason: "SecretSynced",
      message: "secret synced",
    } as const;
    const refreshTime = now.toISOString().replace(/\.\d+Z/, "Z");
    await setCondition(api, "externalsecrets", object, condition, { refreshTime, binding: { name } }, now);
  } catch (error) {
    memory.due.set(due, now.getTime() + retryMilliseconds);
    const message = reasonOf(error);
    const condition = { type: "Ready", status: "False", reason: "SecretSyncedError", message } as const;
    await setCondition(api, "externalsecrets", object, condition, {}, now);
  }
}

/**
 * One pass over every SecretStore and ExternalSecret of a cluster: what the External Secrets controller would do with
 * those of provider vault. Anything else is reported in the object's status, never passed over.
 */
export async function reconcile(api: ClusterApi, memory: Memory, now: Date): Promise<void> {
  for (const store of await api.list(`${base}/secretstores`)) await reconcileStore(api, store, memory, now);
  for (const object of await api.list(`${base}/externalsecrets`)) {
    await reconcileExternalSecret(api, object, memory, now);
  }
}
