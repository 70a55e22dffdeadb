import { setTimeout as sleep } from "node:timers/promises";
import { InitializationFailed } from "../protocol/failures";
import { containsUnknown, without } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { ApiError } from "./api/client";
import { UnknownKind } from "./api/discovery";
import { createObject } from "./apply";
import type { Apply } from "./apply";
import { NotReady, waitUntilReady } from "./await/wait";
import { fieldManagerOf } from "./field-managers";
import { toObject, toState } from "./objects/checkpoint";
import { apiVersionOf, idOf, isCrd, isPatch, kindOf, text } from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { messageOf, requireCluster } from "./session";
import type { Cluster, Session } from "./session";

const attempts = 5;

export interface CreateRequest {
  urn: string;
  properties: PropertyMap;
  preview: boolean;
  /** Seconds; 0: the default. */
  timeout: number;
}

export interface Created {
  /** Empty in a preview. */
  id: string;
  state: PropertyMap;
}

/** Makes the object and waits until it is ready; a preview asks the API server what it would make. */
export async function create(session: Session, request: CreateRequest): Promise<Created> {
  const { urn, properties, preview } = request;
  const inputs = toObject(properties);
  const asPlanned: Created = { id: "", state: properties };
  if (preview && !(await canPreview(session, urn, inputs))) return asPlanned;
  const cluster = requireCluster(session);
  const fieldManager = fieldManagerOf(session.settings.serverSideApply, "", inputs);
  const stateOf = (live: KubernetesObject) =>
    toState({ inputs, live, initialApiVersion: text(inputs["apiVersion"]), fieldManager }, properties);

  let created: KubernetesObject;
  try {
    created = await createWithRetry(session, cluster, { urn, inputs, fieldManager, preview });
  } catch (error) {
    if (preview && isNoPreview(error)) return asPlanned;
    throw explain(urn, inputs, error);
  }
  if (preview) {
    return { id: "", state: stateOf(without(created, "status")) };
  }
  try {
    const live = await waitUntilReady(session, cluster, {
      urn,
      inputs,
      live: created,
      timeout: request.timeout,
    });
    if (isCrd(inputs)) cluster.discovery.reset();
    return { id: idOf(live), state: stateOf(live) };
  } catch (error) {
    const live = error instanceof NotReady ? error.live : created;
    const message =
      `resource "${urn}" was successfully created, but the Kubernetes API server ` +
      `reported that it failed to fully initialize or become live: ${messageOf(error)}`;
    throw new InitializationFailed(
      message,
      idOf(live),
      stateOf(live),
      error instanceof NotReady ? error.reasons : [],
    );
  }
}

async function canPreview(session: Session, urn: string, inputs: KubernetesObject): Promise<boolean> {
  if (containsUnknown(inputs) || isPatch(urn, text(inputs["kind"])) || !session.settings.serverSideApply)
    return false;
  return kindExists(session, inputs);
}

export async function kindExists(session: Session, object: KubernetesObject): Promise<boolean> {
  try {
    return (await session.cluster?.discovery.exists(kindOf(object))) ?? false;
  } catch {
    return false;
  }
}

/** A namespace or a CustomResourceDefinition may be on its way: charts are not always in order. */
async function createWithRetry(session: Session, cluster: Cluster, apply: Apply): Promise<KubernetesObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createObject(session, cluster, apply);
    } catch (error) {
      const missing = error instanceof UnknownKind || (error instanceof ApiError && error.is("NotFound"));
      if (!missing || attempt === attempts || apply.preview || session.cancelled.aborted) throw error;
      session.engine.status(apply.urn, `Retry #${attempt}; creation failed: ${messageOf(error)}`);
      cluster.discovery.reset();
      await sleep(1000 * 2 ** (attempt - 1), undefined, { signal: session.cancelled });
    }
  }
}

/** What only shows that the object cannot be tried out, not that it is wrong. */
function isNoPreview(error: unknown): boolean {
  if (!(error instanceof ApiError)) return error instanceof UnknownKind;
  const noNamespace = error.is("NotFound") && error.subject === "namespaces";
  const noDryRun =
    error.is("BadRequest") && /does not support dry run|dryRun \w+ feature is disabled/.test(error.message);
  return noNamespace || noDryRun || error.is("Forbidden") || error.is("AlreadyExists");
}

const existsHelp = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

function explain(urn: string, inputs: KubernetesObject, error: unknown): Error {
  if (error instanceof UnknownKind) {
    const kind = kindOf(inputs);
    return new Error(
      `creation of resource "${urn}" with kind ${apiVersionOf(kind)}/${kind.kind} failed because the Kubernetes API ` +
        "server reported that the apiVersion for this resource does not exist. " +
        `Verify that any required CRDs have been created: ${error.message}`,
    );
  }
  const help = error instanceof ApiError && error.is("AlreadyExists") ? existsHelp : "";
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ${messageOf(error)}${help}`,
  );
}
