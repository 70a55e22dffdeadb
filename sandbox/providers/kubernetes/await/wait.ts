import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../api/client";
import { equal } from "../../protocol/properties";
import type { Property } from "../../protocol/properties";
import { annotationOf, hasAnnotation, nameOf } from "../objects/object";
import type { Kind, KubernetesObject } from "../objects/object";
import type { Cluster, Session } from "../session";
import { awaiters } from "./awaiters";
import type { Awaiter, Readiness, Surroundings } from "./readiness";
import { parseWaitFor } from "./wait-for";

const interval = 500;
const defaultTimeout = 600;

/** The object exists but is not ready: it failed, it took too long, or the user cancelled. */
export class NotReady extends Error {
  constructor(
    message: string,
    readonly live: KubernetesObject,
    readonly reasons: string[],
  ) {
    super(message);
  }
}

export interface WaitRequest {
  urn: string;
  inputs: KubernetesObject;
  live: KubernetesObject;
  before?: KubernetesObject | undefined;
  /** Seconds; 0: the annotation `pulumi.com/timeoutSeconds`, else ten minutes. */
  timeout: number;
}

/** Waits until a created or updated object is ready and returns it as it is then. Throws NotReady. */
export async function waitUntilReady(
  session: Session,
  cluster: Cluster,
  request: WaitRequest,
): Promise<KubernetesObject> {
  const rule = ruleFor(request);
  if (!rule) return request.live;
  const path = await cluster.discovery.pathOf(request.live);
  const around = surroundings(cluster, request.before);
  const limit = Math.min(timeoutOf(request.inputs, request.timeout) * 1000, rule.limit ?? Infinity);
  const deadline = Date.now() + limit;

  let live = request.live;
  for (;;) {
    live = (await read(cluster, path)) ?? live;
    const readiness = await rule.ready(live, around);
    if (readiness.state === "ready") {
      session.engine.status(request.urn, "");
      return live;
    }
    const name = nameOf(live);
    if (readiness.state === "failed")
      throw new NotReady(`Resource '${name}' failed`, live, readiness.messages);
    if (session.cancelled.aborted) {
      throw new NotReady(`Resource operation was cancelled for "${name}"`, live, readiness.messages);
    }
    if (Date.now() >= deadline)
      throw new NotReady(`'${name}' timed out waiting to be Ready`, live, readiness.messages);
    session.engine.status(request.urn, readiness.messages[0] ?? "");
    await sleep(interval, undefined, { signal: session.cancelled }).catch(() => undefined);
  }
}

/** What a refresh says of an object; kinds that are only waited for after a change count as ready. */
export async function readinessOnRead(
  cluster: Cluster,
  inputs: KubernetesObject,
  live: KubernetesObject,
): Promise<Readiness> {
  const awaiter = awaiters[`${String(live["apiVersion"])}/${String(live["kind"])}`];
  if (!awaiter?.onRead || hasAnnotation(inputs, "pulumi.com/skipAwait")) return { state: "ready" };
  const settled = { ...surroundings(cluster, undefined), settledFor: () => Infinity };
  return awaiter.ready(live, settled);
}

function ruleFor({ inputs, live }: WaitRequest): { ready: Awaiter; limit?: number } | undefined {
  if (hasAnnotation(inputs, "pulumi.com/skipAwait")) return undefined;
  const waitFor = annotationOf(live, "pulumi.com/waitFor");
  if (waitFor !== "") return { ready: parseWaitFor(waitFor) };
  return awaiters[`${String(live["apiVersion"])}/${String(live["kind"])}`];
}

/** Seconds that an operation on an object may take. */
export function timeoutOf(inputs: KubernetesObject, requested: number): number {
  if (requested > 0) return requested;
  const annotated = annotationOf(inputs, "pulumi.com/timeoutSeconds");
  return /^\d+$/.test(annotated) ? Number(annotated) : defaultTimeout;
}

function surroundings(cluster: Cluster, before: KubernetesObject | undefined): Surroundings {
  let last: Property = null;
  let since = Date.now();
  return {
    before,
    async get(kind: Kind, namespace: string, name: string) {
      return read(cluster, await cluster.discovery.path(kind, namespace, name));
    },
    async list(kind: Kind, namespace: string) {
      const path = await cluster.discovery.path(kind, namespace, "");
      return (await cluster.api.request<{ items: KubernetesObject[] }>({ method: "GET", path })).items;
    },
    settledFor(state) {
      if (!equal(last, state)) [last, since] = [state as Property, Date.now()];
      return Date.now() - since;
    },
  };
}

async function read(cluster: Cluster, path: string): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.api.request<KubernetesObject>({ method: "GET", path });
  } catch (error) {
    if (error instanceof ApiError && error.is("NotFound")) return undefined;
    throw error;
  }
}
