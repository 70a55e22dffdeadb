import {
  CheckFailure,
  CheckResponse,
  CreateResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ReadRequest,
  UpdateRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { diffResponse } from "../kubernetes/diff-response";
import { uniqueName } from "../kubernetes/objects/autonaming";
import { withSecrets } from "../kubernetes/objects/checkpoint";
import { detailedDiff } from "../kubernetes/objects/detailed-diff";
import { mergePatch } from "../kubernetes/objects/merge-patch";
import { nameOfUrn, parseId } from "../kubernetes/objects/object";
import { messageOf } from "../kubernetes/session";
import type { Session } from "../kubernetes/session";
import { InitializationFailed } from "../protocol/failures";
import {
  containsUnknown,
  fromStruct,
  isMap,
  toStruct,
  unknown,
  without,
  withoutSecretMarks,
} from "../protocol/properties";
import type { Property, PropertyMap } from "../protocol/properties";
import { deployed, install, showChart, uninstall, upgrade } from "./release-commands";
import { releaseFrom, releaseState, withDefaults } from "./release-properties";
import type { Release } from "./release-properties";
import { mergeValues } from "./values";

export const releaseType = "kubernetes:helm.sh/v3:Release";

/** Completes the inputs: name, namespace, values of files, and the exact version of the chart. */
export async function checkRelease(session: Session, request: CheckRequest): Promise<CheckResponse> {
  const olds = fromStruct(request.getOlds());
  const news = fromStruct(request.getNews());
  const name =
    news["name"] ||
    olds["name"] ||
    uniqueName(`${nameOfUrn(request.getUrn())}-`, request.getRandomseed_asU8());
  const inputs = withDefaults({ ...news, name }, session.namespace);
  const response = new CheckResponse();

  const release = releaseFrom(inputs);
  const files = (withoutSecretMarks(inputs["valueYamlFiles"] ?? []) ?? []) as Property[];
  if (!containsUnknown(files)) release.values = await mergeValues(files, release.values);
  if (!containsUnknown(inputs)) {
    try {
      release.version = (await showChart(session, release)).version;
    } catch (error) {
      const failure = new CheckFailure();
      failure.setProperty("chart");
      failure.setReason(`${messageOf(error)}; check the chart name and repository configuration.`);
      response.setFailuresList([failure]);
    }
  }
  response.setInputs(toStruct(withSecrets(withUnknowns(release as unknown as PropertyMap, news), news)));
  return response;
}

/** Marks as unknown what is unknown in the program. */
function withUnknowns(properties: PropertyMap, source: PropertyMap): PropertyMap {
  const entries = Object.entries(properties).map(([key, value]): [string, Property] => {
    const from = withoutSecretMarks(source[key] ?? null);
    if (isMap(value) && isMap(from)) return [key, withUnknowns(value, from)];
    return [key, containsUnknown(from) ? from : value];
  });
  return Object.fromEntries(entries);
}

export async function diffRelease(_session: Session, request: DiffRequest): Promise<DiffResponse> {
  const state = withoutSecretMarks(fromStruct(request.getOlds())) as PropertyMap;
  const news = withoutSecretMarks(fromStruct(request.getNews())) as PropertyMap;
  const oldInputs = without((state["__inputs"] ?? {}) as PropertyMap, "checksum", "resourceNames");
  if (request.getIgnorechangesList().includes("version")) news["version"] = state["version"] ?? null;

  const shared = Object.fromEntries(Object.entries(state).filter(([key]) => key in news || key in oldInputs));
  const changes = detailedDiff(mergePatch(shared, news), shared, news, [".name", ".namespace"]);
  const replaces = [...changes].filter(([, change]) => change.replaces).map(([path]) => path);
  return diffResponse({ changes, replaces, deleteBeforeReplace: false });
}

export async function createRelease(session: Session, request: CreateRequest): Promise<CreateResponse> {
  const inputs = fromStruct(request.getProperties());
  const response = new CreateResponse();
  if (request.getPreview()) {
    response.setProperties(toStruct(releaseState(releaseFrom(inputs), "unknown", inputs, unknown)));
    return response;
  }
  const release = releaseFrom(inputs);
  const state = await change(session, release, inputs, () => install(session, release));
  response.setId(idOf(release));
  response.setProperties(toStruct(state));
  return response;
}

export async function updateRelease(session: Session, request: UpdateRequest): Promise<UpdateResponse> {
  const inputs = fromStruct(request.getNews());
  const release = releaseFrom(inputs);
  const response = new UpdateResponse();
  const state = request.getPreview()
    ? releaseState(release, "unknown", inputs, unknown)
    : await change(session, release, inputs, () => upgrade(session, release));
  response.setProperties(toStruct(state));
  return response;
}

/** A release that Helm kept although it failed is kept in the state too, so that the next update mends it. */
async function change(
  session: Session,
  release: Release,
  inputs: PropertyMap,
  act: () => Promise<void>,
): Promise<PropertyMap> {
  const before = await deployed(session, release);
  try {
    await act();
  } catch (error) {
    const left = await deployed(session, release);
    const touched = left && left.status["revision"] !== before?.status["revision"];
    if (!touched) throw error;
    const message =
      `Helm release "${idOf(release)}" failed to initialize completely. Use Helm CLI to investigate: ` +
      messageOf(error);
    throw new InitializationFailed(message, idOf(release), releaseState(release, left, inputs, unknown), []);
  }
  const now = await deployed(session, release);
  if (!now) throw new Error(`Helm reported success, but there is no release "${idOf(release)}"`);
  return releaseState(release, now, inputs, unknown);
}

export async function readRelease(session: Session, request: ReadRequest): Promise<ReadResponse> {
  const state = fromStruct(request.getProperties());
  const known = Object.keys(state).length > 0;
  const release = releaseFrom(known ? state : { ...parseId(request.getId()) });
  const response = new ReadResponse();
  const found = await deployed(session, release);
  if (!found) return response;

  release.version = String(found.status["version"] ?? "");
  const imported = () =>
    withDefaults({ ...release, chart: found.status["chart"] ?? "" } as PropertyMap, session.namespace);
  const inputs = known ? fromStruct(request.getInputs()) : imported();
  response.setId(request.getId() || idOf(release));
  response.setProperties(toStruct(releaseState(release, found, inputs, unknown)));
  response.setInputs(toStruct(inputs));
  return response;
}

export async function deleteRelease(session: Session, request: DeleteRequest): Promise<Empty> {
  if (!session.cluster) {
    throw new Error(`can't delete Helm Release with unreachable cluster. Reason: "${session.unreachable}"`);
  }
  await uninstall(session, releaseFrom(fromStruct(request.getProperties())));
  return new Empty();
}

function idOf(release: Release): string {
  return release.namespace === "" ? release.name : `${release.namespace}/${release.name}`;
}
