import { stackLabel } from "../../components/stack-label";
import type { ClusterApi, Tree } from "../doctor/cluster-api";
import { reasonOf } from "../doctor/finding";
import { type PendingOperation, type Target, targetOf } from "./pending";
import type { Sighting } from "./plan";

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

interface ServedKind {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Where an API server keeps an object; nothing where it does not serve the kind. */
async function pathOf(
  api: ClusterApi,
  target: Extract<Target, { kind: "object" }>,
): Promise<string | undefined> {
  const base = groupPath(target.apiVersion);
  const { resources = [] } = ((await api.read(base)) ?? {}) as { resources?: ServedKind[] };
  const served = resources.find(({ kind, name }) => kind === target.objectKind && !name.includes("/"));
  if (!served) return undefined;
  const namespace = served.namespaced ? `/namespaces/${target.namespace ?? "default"}` : "";
  return `${base}${namespace}/${served.name}/${target.name}`;
}

function stackOf(object: Tree | undefined): string | undefined {
  const { labels = {} } = (object?.["metadata"] ?? {}) as { labels?: Record<string, string> };
  return labels[stackLabel];
}

function managersOf(object: Tree): string[] {
  const { managedFields = [] } = (object["metadata"] ?? {}) as { managedFields?: { manager?: string }[] };
  return [...new Set(managedFields.map(({ manager }) => manager ?? ""))];
}

async function sightObject(api: ClusterApi, target: Extract<Target, { kind: "object" }>): Promise<Sighting> {
  const path = await pathOf(api, target);
  // A kind whose definition was not written either cannot have an object.
  const object = path === undefined ? undefined : await api.read(path);
  return object
    ? { kind: "present", managers: managersOf(object), stack: stackOf(object) }
    : { kind: "absent" };
}

/** https://helm.sh/docs/topics/advanced/#storage-backends */
async function sightRelease(
  api: ClusterApi,
  target: Extract<Target, { kind: "release" }>,
): Promise<Sighting> {
  const selector = encodeURIComponent(`owner=helm,name=${target.name}`);
  const secrets = await api.list(`/api/v1/namespaces/${target.namespace}/secrets?labelSelector=${selector}`);
  const revisions = secrets.map((secret) => {
    const { labels = {} } = secret["metadata"] as { labels?: Record<string, string> };
    return { status: labels["status"] ?? "unknown", revision: Number(labels["version"] ?? 0) };
  });
  const last = revisions.sort((left, right) => right.revision - left.revision)[0];
  if (!last) return { kind: "absent" };
  const namespace = await api.read(`/api/v1/namespaces/${target.namespace}`);
  return { kind: "release", ...last, stack: stackOf(namespace) };
}

/** Looks a pending creation up in its own cluster; never throws. */
export async function sight(
  operation: PendingOperation,
  clusters: ReadonlyMap<string, ClusterApi>,
): Promise<Sighting> {
  const target = targetOf(operation);
  if (target.kind === "nothing" || target.kind === "unknown" || operation.type !== "creating") {
    return { kind: "absent" };
  }
  const api = clusters.get(target.cluster);
  if (!api) return { kind: "unreadable", reason: "is not a cluster of this stack" };
  try {
    return target.kind === "object" ? await sightObject(api, target) : await sightRelease(api, target);
  } catch (error) {
    return { kind: "unreadable", reason: `cannot be asked: ${reasonOf(error)}` };
  }
}
