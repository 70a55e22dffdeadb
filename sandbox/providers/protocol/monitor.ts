import * as grpc from "@grpc/grpc-js";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  Result,
} from "@pulumi/pulumi/proto/resource_pb";
import { fromStruct, resourceReference, toStruct } from "./properties";
import type { Property, PropertyMap } from "./properties";

/** A child resource of a component, as the component wants it registered. */
export interface Child {
  type: string;
  name: string;
  inputs: PropertyMap;
  parent: string;
  /** URNs that must exist first. */
  dependencies: string[];
  provider: string | undefined;
  version?: string;
  retainOnDelete?: boolean;
}

export interface Registered {
  urn: string;
  id: string;
  outputs: PropertyMap;
}

/** Registers resources with the engine that asked for a component. */
export interface Monitor {
  /** Registers the component itself, with the options that the engine passed on; returns its URN. */
  component(request: ConstructRequest): Promise<string>;
  /** Registers a child and waits until the engine has made it. Throws when it failed. */
  child(child: Child): Promise<Registered>;
  /** Says what a component has made, and that it is complete. */
  outputs(urn: string, outputs: PropertyMap): Promise<void>;
}

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export function connectMonitor(address: string): Monitor {
  const client = new ResourceMonitorClient(address, grpc.credentials.createInsecure(), unlimited);
  const register = (request: RegisterResourceRequest) => {
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setAliasspecs(true);
    request.setSupportsresultreporting(true);
    return new Promise<RegisterResourceResponse>((resolve, reject) => {
      client.registerResource(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  };
  return {
    async component(request) {
      return (await register(componentRequest(request))).getUrn();
    },
    async child(child) {
      const response = await register(childRequest(child));
      if (response.getResult() !== Result.SUCCESS)
        throw new Error(`resource ${child.name} failed to register`);
      return { urn: response.getUrn(), id: response.getId(), outputs: fromStruct(response.getObject()) };
    },
    async outputs(urn, outputs) {
      const request = new RegisterResourceOutputsRequest();
      request.setUrn(urn);
      request.setOutputs(toStruct(outputs));
      await new Promise<void>((resolve, reject) => {
        client.registerResourceOutputs(request, (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

function componentRequest(request: ConstructRequest): RegisterResourceRequest {
  const registration = new RegisterResourceRequest();
  registration.setType(request.getType());
  registration.setName(request.getName());
  registration.setParent(request.getParent());
  registration.setCustom(false);
  registration.setObject(toStruct({}));
  registration.setDependenciesList(request.getDependenciesList());
  registration.setAliasesList(request.getAliasesList());
  registration.setAdditionalsecretoutputsList(request.getAdditionalsecretoutputsList());
  registration.setDeletedwith(request.getDeletedwith());
  registration.setIgnorechangesList(request.getIgnorechangesList());
  registration.setReplaceonchangesList(request.getReplaceonchangesList());
  if (request.hasProtect()) registration.setProtect(request.getProtect() ?? false);
  if (request.hasRetainondelete()) registration.setRetainondelete(request.getRetainondelete() ?? false);
  return registration;
}

function childRequest(child: Child): RegisterResourceRequest {
  const registration = new RegisterResourceRequest();
  registration.setType(child.type);
  registration.setName(child.name);
  registration.setParent(child.parent);
  registration.setCustom(true);
  registration.setObject(toStruct(child.inputs));
  registration.setDependenciesList(child.dependencies);
  registration.setProvider(child.provider ?? "");
  registration.setVersion(child.version ?? "");
  if (child.retainOnDelete) registration.setRetainondelete(true);
  for (const key of Object.keys(child.inputs)) {
    registration.getPropertydependenciesMap().set(key, new RegisterResourceRequest.PropertyDependencies());
  }
  return registration;
}

/** The reference to a provider for a package, `urn::id`, that the user chose for the component. */
export function providerFor(request: ConstructRequest, pkg: string): string | undefined {
  return request.getProvidersMap().get(pkg) || undefined;
}

export function constructed(
  urn: string,
  state: PropertyMap,
  dependencies: Map<string, string[]>,
): ConstructResponse {
  const response = new ConstructResponse();
  response.setUrn(urn);
  response.setState(toStruct(state));
  for (const [key, urns] of dependencies) {
    const list = new ConstructResponse.PropertyDependencies();
    list.setUrnsList([...new Set(urns)].sort());
    response.getStatedependenciesMap().set(key, list);
  }
  return response;
}

export function referenceTo(resource: Registered): Property {
  return resourceReference(resource.urn, resource.id, "");
}
