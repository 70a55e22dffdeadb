import { setTimeout as sleep } from "node:timers/promises";
import { InitializationFailed } from "../protocol/failures";
import type { PropertyMap } from "../protocol/properties";
import { ApiError } from "./api/client";
import { UnknownKind } from "./api/discovery";
import { relinquish } from "./apply";
import { timeoutOf } from "./await/wait";
import { fieldManagerOf } from "./field-managers";
import { fromState, toState } from "./objects/checkpoint";
import {
  annotationOf,
  hasAnnotation,
  idOf,
  isPatch,
  kindOf,
  metadataOf,
  parseId,
  text,
  valueAt,
} from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import type { Cluster, Session } from "./session";

const interval = 250;

/** Kinds whose deletion may be left to run when `pulumi.com/skipAwait` is set. */
const mayBeSkipped = [
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
];

export interface DeleteRequest {
  urn: string;
  id: string;
  state: PropertyMap;
  /** Seconds; 0: the default. */
  timeout: number;
}

/** Deletes the object, by default what it owns first, and waits until it is gone. */
export async function remove(session: Session, request: DeleteRequest): Promise<void> {
  const { urn, id } = request;
  const checkpoint = fromState(request.state);
  const { inputs, live } = checkpoint;
  if (!session.cluster) return removeUnreachable(session, urn);
  const cluster = session.cluster;
  const fieldManager = fieldManagerOf(session.settings.serverSideApply, checkpoint.fieldManager, inputs);

  try {
    if (session.settings.serverSideApply && isPatch(urn, text(inputs["kind"]))) {
      return await relinquish(cluster, live, fieldManager);
    }
    const { name } = parseId(id);
    const path = await cluster.discovery.path(kindOf(live), parseId(id).namespace, name);
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: propagation(inputs) };
    await cluster.api.request({ method: "DELETE", path, body });
    if (hasAnnotation(inputs, "pulumi.com/skipAwait") && mayBeSkipped.includes(text(inputs["kind"]))) return;
    const uid = metadataOf(live)["uid"];
    const left = await waitUntilGone(session, cluster, {
      urn,
      path,
      uid,
      seconds: timeoutOf(inputs, request.timeout),
    });
    if (!left) return;
    const finalizers = valueAt(left, "metadata", "finalizers");
    const blockers = Array.isArray(finalizers) ? finalizers.join(", ") : "";
    session.engine.log("warning", urn, `finalizers might be preventing deletion (${blockers})`);
    const message = session.cancelled.aborted
      ? `Resource operation was cancelled for "${name}"`
      : "timed out waiting for the condition";
    const state = toState({ ...checkpoint, inputs: live, live: left, fieldManager }, request.state);
    throw new InitializationFailed(message, idOf(left), state, []);
  } catch (error) {
    const gone = error instanceof UnknownKind || (error instanceof ApiError && error.is("NotFound"));
    if (gone) return;
    throw explainPatch(error);
  }
}

function removeUnreachable(session: Session, urn: string): void {
  session.engine.log("warning", urn, `configured Kubernetes cluster is unreachable: ${session.unreachable}`);
  if (!session.settings.deleteUnreachable) {
    throw new Error(
      "configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from " +
        'Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
    );
  }
  session.engine.log(
    "info",
    urn,
    "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. " +
      "Deleting the unreachable resource from Pulumi state",
  );
}

/** https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion */
function propagation(inputs: KubernetesObject): "Orphan" | "Background" | "Foreground" {
  switch (annotationOf(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}

interface Disappearance {
  urn: string;
  path: string;
  uid: unknown;
  seconds: number;
}

/** The object that is still there when the time is up or the user cancels; undefined once it is gone. */
async function waitUntilGone(
  session: Session,
  cluster: Cluster,
  { urn, path, uid, seconds }: Disappearance,
): Promise<KubernetesObject | undefined> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const left = await cluster.api
      .request<KubernetesObject>({ method: "GET", path })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.is("NotFound")) return undefined;
        throw error;
      });
    if (!left || (uid && metadataOf(left)["uid"] !== uid)) return undefined;
    if (Date.now() >= deadline || session.cancelled.aborted) return left;
    session.engine.status(urn, "Resource scheduled for deletion");
    await sleep(interval, undefined, { signal: session.cancelled }).catch(() => undefined);
  }
}

function explainPatch(error: unknown): unknown {
  const required = error instanceof ApiError && error.is("Invalid") && /Required value/.test(error.message);
  if (!required) return error;
  return new Error(
    "this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the " +
      `\`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${error.message}`,
  );
}
