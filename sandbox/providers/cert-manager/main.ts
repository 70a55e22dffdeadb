import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckResponse,
  ConfigureResponse,
  DiffResponse,
  GetSchemaResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { connectMonitor, constructed, providerFor, referenceTo } from "../protocol/monitor";
import { fromStruct, withoutOutputMarks } from "../protocol/properties";
import type { PropertyMap } from "../protocol/properties";
import { serve } from "../protocol/serve";
import { releaseInputs } from "./release-inputs";

const version = "0.2.0";
const componentType = "kubernetes-cert-manager:index:CertManager";

/** The Kubernetes provider that the component asks for when the user chose none. */
const kubernetesVersion = "4.22.0";

void serve({
  async getPluginInfo() {
    const info = new PluginInfo();
    info.setVersion(version);
    return info;
  },

  async getSchema() {
    const response = new GetSchemaResponse();
    response.setSchema(
      JSON.stringify({ name: "kubernetes-cert-manager", version, resources: {}, types: {} }),
    );
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
    response.setAcceptresources(true);
    response.setSupportspreview(true);
    return response;
  },

  async construct(request) {
    if (request.getType() !== componentType) {
      throw new Error(`unknown resource type ${request.getType()}; expected ${componentType}`);
    }
    const monitor = connectMonitor(request.getMonitorendpoint());
    const urn = await monitor.component(request);
    const args = withoutOutputMarks(fromStruct(request.getInputs())) as PropertyMap;
    const release = await monitor.child({
      type: "kubernetes:helm.sh/v3:Release",
      name: `${request.getName()}-helm`,
      inputs: releaseInputs(args),
      parent: urn,
      dependencies: [],
      provider: providerFor(request, "kubernetes"),
      version: kubernetesVersion,
    });
    const status = release.outputs["status"] ?? null;
    await monitor.outputs(urn, { status: referenceTo(release) });
    return constructed(urn, { status }, new Map([["status", [release.urn]]]));
  },

  async cancel() {
    return new Empty();
  },
});
