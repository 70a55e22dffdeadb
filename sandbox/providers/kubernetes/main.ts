import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckFailure,
  CheckRequest,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  GetSchemaResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { connectEngine } from "../protocol/engine";
import { fromStruct, toStruct } from "../protocol/properties";
import { engineAddress, serve } from "../protocol/serve";
import { constructChart } from "../helm/chart";
import {
  checkRelease,
  createRelease,
  deleteRelease,
  diffRelease,
  readRelease,
  releaseType,
  updateRelease,
} from "../helm/release";
import { check } from "./check";
import { checkConfig } from "./check-config";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { diffResponse } from "./diff-response";
import { diffConfig } from "./diff-config";
import type { Autonaming } from "./objects/autonaming";
import { typeOfUrn } from "./objects/object";
import { read } from "./read";
import { openSession, requireCluster } from "./session";
import type { Session } from "./session";
import { readSettings } from "./settings";
import { update } from "./update";

const version = "4.34.2";

const engine = connectEngine(engineAddress(process.argv.slice(2)));
const cancellation = new AbortController();
let session: Session | undefined;

function configured(): Session {
  if (!session) throw new Error("the provider was used before it was configured");
  return session;
}

const isRelease = (urn: string) => typeOfUrn(urn) === releaseType;

void serve({
  async getPluginInfo() {
    const info = new PluginInfo();
    info.setVersion(version);
    return info;
  },

  async getSchema() {
    const response = new GetSchemaResponse();
    response.setSchema(
      JSON.stringify({ name: "kubernetes", version, resources: {}, types: {}, functions: {} }),
    );
    return response;
  },

  async checkConfig(request) {
    const isDefault = /::pulumi:providers:kubernetes::default(_|$)/.test(request.getUrn());
    const failures = checkConfig(fromStruct(request.getNews()), isDefault);
    const response = new CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return response;
  },

  async diffConfig(request) {
    const { changed, diffs, replaces } = diffConfig(
      fromStruct(request.getOlds()),
      fromStruct(request.getNews()),
    );
    const response = new DiffResponse();
    response.setChanges(changed ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
    response.setDiffsList(diffs);
    response.setReplacesList(replaces);
    return response;
  },

  async configure(request) {
    const variables = new Map(request.getVariablesMap().toObject());
    session = await openSession(readSettings(variables, process.env), engine, cancellation.signal);
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  },

  async check(request) {
    if (isRelease(request.getUrn())) return checkRelease(configured(), request);
    const inputs = await check(configured(), {
      urn: request.getUrn(),
      olds: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      seed: request.getRandomseed_asU8(),
      autonaming: autonamingOf(request),
    });
    const response = new CheckResponse();
    response.setInputs(toStruct(inputs));
    return response;
  },

  async diff(request) {
    if (isRelease(request.getUrn())) return diffRelease(configured(), request);
    const result = await diff(configured(), {
      urn: request.getUrn(),
      state: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      ignoreChanges: request.getIgnorechangesList(),
    });
    return diffResponse(result);
  },

  async create(request) {
    if (isRelease(request.getUrn())) return createRelease(configured(), request);
    const { id, state } = await create(configured(), {
      urn: request.getUrn(),
      properties: fromStruct(request.getProperties()),
      preview: request.getPreview(),
      timeout: request.getTimeout(),
    });
    const response = new CreateResponse();
    response.setId(id);
    response.setProperties(toStruct(state));
    return response;
  },

  async read(request) {
    if (isRelease(request.getUrn())) return readRelease(configured(), request);
    const found = await read(configured(), {
      urn: request.getUrn(),
      id: request.getId(),
      state: fromStruct(request.getProperties()),
      inputs: fromStruct(request.getInputs()),
    });
    const response = new ReadResponse();
    if (!found) return response;
    response.setId(found.id);
    response.setProperties(toStruct(found.state));
    response.setInputs(toStruct(found.inputs));
    return response;
  },

  async update(request) {
    if (isRelease(request.getUrn())) return updateRelease(configured(), request);
    const state = await update(configured(), {
      urn: request.getUrn(),
      state: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      preview: request.getPreview(),
      ignoreChanges: request.getIgnorechangesList(),
      timeout: request.getTimeout(),
    });
    const response = new UpdateResponse();
    response.setProperties(toStruct(state));
    return response;
  },

  async delete(request) {
    if (isRelease(request.getUrn())) return deleteRelease(configured(), request);
    await remove(configured(), {
      urn: request.getUrn(),
      id: request.getId(),
      state: fromStruct(request.getProperties()),
      timeout: request.getTimeout(),
    });
    return new Empty();
  },

  async construct(request) {
    if (request.getType() !== "kubernetes:helm.sh/v4:Chart") {
      throw new Error(`unknown resource type "${request.getType()}"`);
    }
    requireCluster(configured());
    return constructChart(configured(), request);
  },

  async cancel() {
    cancellation.abort();
    return new Empty();
  },
});

function autonamingOf(request: CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  if (!options) return undefined;
  const modes = CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  return {
    mode: mode === modes.DISABLE ? "disable" : mode === modes.ENFORCE ? "enforce" : "propose",
    proposedName: options.getProposedName(),
  };
}
