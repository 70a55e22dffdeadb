import { InitializationFailed } from "../protocol/failures";
import { containsUnknown } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { ApiError } from "./api/client";
import { UnknownKind } from "./api/discovery";
import { relinquish, updateObject } from "./apply";
import { NotReady, waitUntilReady } from "./await/wait";
import { kindExists } from "./create";
import { fieldManagerOf } from "./field-managers";
import { fromState, toObject, toState } from "./objects/checkpoint";
import { normalize } from "./objects/normalize";
import { idOf } from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { messageOf, requireCluster } from "./session";
import type { Cluster, Session } from "./session";

export interface UpdateRequest {
  urn: string;
  state: PropertyMap;
  news: PropertyMap;
  preview: boolean;
  ignoreChanges: string[];
  /** Seconds; 0: the default. */
  timeout: number;
}

/** Brings the object to its new inputs and waits until it is ready again; a preview is a dry run. */
export async function update(session: Session, request: UpdateRequest): Promise<PropertyMap> {
  const { urn, news, preview } = request;
  const inputs = normalize(toObject(news));
  if (preview && (containsUnknown(inputs) || !(await kindExists(session, inputs)))) return news;
  const cluster = requireCluster(session);
  const old = fromState(request.state);
  const { serverSideApply } = session.settings;
  const oldManager = fieldManagerOf(serverSideApply, old.fieldManager, old.inputs);
  const fieldManager = fieldManagerOf(serverSideApply, old.fieldManager, inputs);
  const stateOf = (live: KubernetesObject) =>
    toState({ inputs, live, initialApiVersion: old.initialApiVersion, fieldManager }, news);

  let updated: KubernetesObject | undefined;
  try {
    const path = await cluster.discovery.pathOf(old.live);
    const before = await cluster.api.request<KubernetesObject>({ method: "GET", path });
    updated = await updateObject(session, cluster, {
      urn,
      inputs,
      fieldManager,
      preview,
      before,
      oldInputs: old.inputs,
      ignoreChanges: request.ignoreChanges,
    });
    if (preview) return stateOf(updated);
    const live = await waitUntilReady(session, cluster, {
      urn,
      inputs,
      live: updated,
      before,
      timeout: request.timeout,
    });
    if (serverSideApply && oldManager !== fieldManager) await relinquish(cluster, live, oldManager);
    return stateOf(live);
  } catch (error) {
    if (preview && error instanceof ApiError && error.is("Forbidden")) return news;
    if (error instanceof UnknownKind) {
      throw new Error(
        `update of resource "${urn}" failed because the Kubernetes API server reported that the apiVersion for ` +
          `this resource does not exist. Verify that any required CRDs have been created: ${error.message}`,
        { cause: error },
      );
    }
    const live = error instanceof NotReady ? error.live : await readLive(cluster, urn, old.live, error);
    const message =
      `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize ` +
      `or become live: ${messageOf(error)}`;
    throw new InitializationFailed(
      message,
      idOf(live),
      stateOf(live),
      error instanceof NotReady ? error.reasons : [],
    );
  }
}

async function readLive(
  cluster: Cluster,
  urn: string,
  object: KubernetesObject,
  failure: unknown,
): Promise<KubernetesObject> {
  try {
    return await cluster.api.request({ method: "GET", path: await cluster.discovery.pathOf(object) });
  } catch (error) {
    const reasons = `${messageOf(failure)}\nunable to get cluster state: ${messageOf(error)}`;
    throw new Error(`update of resource "${urn}" failed: ${reasons}`, { cause: error });
  }
}
