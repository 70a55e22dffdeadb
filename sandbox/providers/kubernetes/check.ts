import { containsUnknown } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { adoptName, assignName, usesGenerateName } from "./objects/autonaming";
import type { Autonaming } from "./objects/autonaming";
import { toObject, withSecrets } from "./objects/checkpoint";
import { normalize } from "./objects/normalize";
import {
  isCrd,
  isPatch,
  kindOfType,
  nameOf,
  nameOfUrn,
  namespaceOf,
  text,
  typeOfUrn,
  withMetadata,
} from "./objects/object";
import type { KubernetesObject } from "./objects/object";
import { crdKey, isNamespaced } from "./scope";
import type { Session } from "./session";

export interface CheckRequest {
  urn: string;
  olds: PropertyMap;
  news: PropertyMap;
  seed: Uint8Array;
  autonaming: Autonaming | undefined;
}

const unreachableSkipped =
  "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...";

/** Completes the inputs of a resource: normal form, name, namespace, and marks on what must stay secret. */
export async function check(session: Session, request: CheckRequest): Promise<PropertyMap> {
  const { urn, olds, news } = request;
  if (!session.cluster && session.settings.skipUpdateUnreachable) {
    session.engine.log("warning", urn, unreachableSkipped);
    return olds;
  }
  const kind = kindOfType(typeOfUrn(urn));
  const inputs = normalize(toObject(news));
  refuse(session, urn, inputs);

  const hadInputs = Object.keys(olds).length > 0;
  const named = hadInputs
    ? adoptName(inputs, toObject(olds))
    : assignName(inputs, nameOfUrn(urn), request.seed, request.autonaming);
  if (usesGenerateName(named) && session.settings.serverSideApply) {
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }

  const placed = await place(session, kind, named);
  const key = isCrd(placed) && !containsUnknown(placed) ? crdKey(placed) : undefined;
  if (key) session.crds.set(key, placed);
  return withSecrets(placed, news);
}

async function place(
  session: Session,
  kind: Parameters<typeof isNamespaced>[1],
  object: KubernetesObject,
): Promise<KubernetesObject> {
  const given = (object["metadata"] as PropertyMap | undefined)?.["namespace"];
  if (session.namespace === "" || containsUnknown(given) || namespaceOf(object) !== "") return object;
  // A kind that nobody knows yet is most likely a namespaced custom resource; Create corrects it.
  const namespaced = (await isNamespaced(session, kind)) ?? true;
  return namespaced ? withMetadata(object, { namespace: session.namespace }) : object;
}

function refuse(session: Session, urn: string, inputs: KubernetesObject): void {
  const kind = text(inputs["kind"]);
  if (kind.endsWith("List") && Array.isArray(inputs["items"])) {
    throw new Error(
      "list resources exist for compatibility with YAML manifests and Helm charts, " +
        "and cannot be created directly. Use the underlying resource type instead",
    );
  }
  if (!isPatch(urn, kind)) return;
  if (!session.settings.serverSideApply) {
    throw new Error(
      "patch resources require Server-Side Apply mode, which is enabled using the " +
        "`enableServerSideApply` Provider config",
    );
  }
  if (nameOf(inputs) === "") throw new Error("patch resources require the `.metadata.name` field to be set");
}
