import { InitializationFailed } from "../protocol/failures";
import { without } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { ApiError } from "./api/client";
import { UnknownKind } from "./api/discovery";
import { readinessOnRead } from "./await/wait";
import { fieldManagerOf } from "./field-managers";
import { fromState, toObject, toState, withSecrets } from "./objects/checkpoint";
import { prune } from "./objects/merge-patch";
import { isKnownKind, normalize } from "./objects/normalize";
import {
  apiVersionOf,
  kindOfType,
  metadataOf,
  nameOf,
  namespaceOf,
  parseId,
  typeOfUrn,
  withMetadata,
  withoutMetadata,
} from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import type { Cluster, Session } from "./session";

export interface ReadRequest {
  urn: string;
  id: string;
  state: PropertyMap;
  inputs: PropertyMap;
}

export interface Read {
  id: string;
  state: PropertyMap;
  inputs: PropertyMap;
}

const unreachable =
  "failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource " +
  'from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

/** The object as it is now; undefined when it is gone. Without a state it is an import, and the inputs are made up. */
export async function read(session: Session, request: ReadRequest): Promise<Read | undefined> {
  const { urn, id } = request;
  if (!session.cluster) return readUnreachable(session, request);
  const { namespace, name } = parseId(id);
  if (name === "") throw new Error(`failed to parse resource name from request ID: ${id}`);

  const old = fromState(request.state);
  const known = normalize(toObject(request.inputs));
  const isImport = !known["kind"] && !old.live["kind"];
  const inputs = identified(known, old.live, urn, { namespace, name });
  const fieldManager = fieldManagerOf(session.settings.serverSideApply, old.fieldManager, inputs);

  const live = await readLive(session.cluster, inputs, name);
  if (!live) return undefined;
  const liveInputs = isImport ? importedInputs(live, inputs) : prune(live, inputs);
  const initialApiVersion = old.initialApiVersion || String(inputs["apiVersion"]);
  const result = {
    id,
    state: toState({ inputs: liveInputs, live, initialApiVersion, fieldManager }, request.inputs),
    inputs: withSecrets(liveInputs, request.inputs),
  };
  const readiness = isImport ? undefined : await readinessOnRead(session.cluster, inputs, live);
  if (readiness && readiness.state !== "ready") {
    const message = `Resource '${name}' was created but failed to initialize`;
    throw new InitializationFailed(message, id, result.state, readiness.messages, result.inputs);
  }
  return result;
}

function readUnreachable(session: Session, request: ReadRequest): Read | undefined {
  const { engine, settings } = session;
  engine.log("warning", request.urn, `configured Kubernetes cluster is unreachable: ${session.unreachable}`);
  if (settings.deleteUnreachable) return undefined;
  if (!settings.skipUpdateUnreachable) throw new Error(unreachable);
  return { id: request.id, state: request.state, inputs: request.inputs };
}

function identified(
  inputs: KubernetesObject,
  live: KubernetesObject,
  urn: string,
  { namespace, name }: { namespace: string; name: string },
): KubernetesObject {
  if (inputs["kind"] && inputs["apiVersion"]) return inputs;
  const kind = kindOfType(typeOfUrn(urn));
  const identity = live["kind"]
    ? { apiVersion: live["apiVersion"] ?? null, kind: live["kind"] }
    : { apiVersion: apiVersionOf(kind), kind: kind.kind };
  return withMetadata(
    { ...inputs, ...identity },
    {
      name: nameOf(inputs) || name,
      ...(namespaceOf(inputs) || namespace ? { namespace: namespaceOf(inputs) || namespace } : {}),
    },
  );
}

async function readLive(
  cluster: Cluster,
  inputs: KubernetesObject,
  name: string,
): Promise<KubernetesObject | undefined> {
  try {
    const path = await cluster.discovery.pathOf(withMetadata(inputs, { name }));
    return await cluster.api.request<KubernetesObject>({ method: "GET", path });
  } catch (error) {
    const gone = error instanceof UnknownKind || (error instanceof ApiError && error.is("NotFound"));
    if (gone) return undefined;
    throw error;
  }
}

const outputs = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"];
const writtenByOthers = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** What a program would have to say to get the object; of a custom resource only its identity is known. */
function importedInputs(live: KubernetesObject, identity: KubernetesObject): KubernetesObject {
  if (!isKnownKind(live)) return prune(live, identity);
  const annotations = Object.entries(metadataOf(live)["annotations"] ?? {});
  const kept = annotations.filter(([key]) => !writtenByOthers.includes(key));
  const trimmed = withoutMetadata(without(live, "status"), outputs);
  return annotations.length === 0
    ? trimmed
    : withMetadata(trimmed, { annotations: Object.fromEntries(kept) });
}
