import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckFailure,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  GetSchemaResponse,
  ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { diffResponse } from "../kubernetes/diff-response";
import { detailedDiff, isIgnored } from "../kubernetes/objects/detailed-diff";
import { mergePatch } from "../kubernetes/objects/merge-patch";
import { typeOfUrn } from "../kubernetes/objects/object";
import { containsUnknown, fromStruct, toStruct, withoutSecretMarks } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { serve } from "../protocol/serve";
import { givenInputs, kindOf } from "./kinds";

const version = "4.21.2";

const plain = (properties: PropertyMap) => withoutSecretMarks(properties) as PropertyMap;

void serve({
  async getPluginInfo() {
    const info = new PluginInfo();
    info.setVersion(version);
    return info;
  },

  async getSchema() {
    const response = new GetSchemaResponse();
    response.setSchema(JSON.stringify({ name: "random", version, resources: {}, types: {}, functions: {} }));
    return response;
  },

  async checkConfig(request) {
    const response = new CheckResponse();
    response.setInputs(request.getNews());
    return response;
  },

  async diffConfig() {
    const response = new DiffResponse();
    response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
    return response;
  },

  async configure() {
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  },

  async check(request) {
    const kind = kindOf(typeOfUrn(request.getUrn()));
    const inputs = givenInputs(fromStruct(request.getNews()));
    const problem = containsUnknown(inputs) ? undefined : kind.problem?.(plain(inputs));
    const response = new CheckResponse();
    response.setInputs(toStruct(inputs));
    if (problem) {
      const failure = new CheckFailure();
      failure.setProperty(problem.property);
      failure.setReason(problem.reason);
      response.setFailuresList([failure]);
    }
    return response;
  },

  async diff(request) {
    const news = plain(fromStruct(request.getNews()));
    const state = plain(fromStruct(request.getOlds()));
    const olds = plain(fromStruct(request.getOldInputs()));
    // What the state holds beside the inputs are defaults and results.
    const before = Object.fromEntries(Object.entries(state).filter(([key]) => key in news || key in olds));
    const paths = [...new Set([...Object.keys(news), ...Object.keys(before)])].map((key) => `.${key}`);
    const all = detailedDiff(mergePatch(before, news), before, news, paths);
    const changes = new Map([...all].filter(([path]) => !isIgnored(path, request.getIgnorechangesList())));
    return diffResponse({ changes, replaces: [...changes.keys()], deleteBeforeReplace: false });
  },

  async create(request) {
    const kind = kindOf(typeOfUrn(request.getUrn()));
    const inputs = fromStruct(request.getProperties());
    const response = new CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(kind.plan(inputs)));
      return response;
    }
    const { id, state } = kind.make(plain(inputs));
    response.setId(id);
    response.setProperties(toStruct({ ...state, ...inputs }));
    return response;
  },

  /** A random value lives in the state alone; without a state it is an import, whose id is the value. */
  async read(request) {
    const response = new ReadResponse();
    const state = fromStruct(request.getProperties());
    if (Object.keys(state).length > 0) {
      response.setId(request.getId());
      response.setProperties(request.getProperties());
      response.setInputs(request.getInputs());
      return response;
    }
    const type = typeOfUrn(request.getUrn());
    const adopted = kindOf(type).adopt?.(request.getId());
    if (!adopted) throw new Error(`the stand-in for the random provider cannot import ${type}`);
    response.setId(adopted.id);
    response.setProperties(toStruct(adopted.state));
    response.setInputs(toStruct(adopted.inputs));
    return response;
  },

  async delete() {
    return new Empty();
  },

  async cancel() {
    return new Empty();
  },
});
