import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { toStruct } from "./properties";
import type { PropertyMap } from "./properties";

/** The object exists but did not become ready: the engine keeps it in its state, with the reasons, and reports an error. */
export class InitializationFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: PropertyMap,
    readonly reasons: string[],
    readonly inputs?: PropertyMap,
  ) {
    super(message);
  }
}

export function toServiceError(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitializationFailed) metadata.add("grpc-status-details-bin", detailsOf(error));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}

function detailsOf(error: InitializationFailed): Buffer {
  const failed = new ErrorResourceInitFailed();
  failed.setId(error.id);
  failed.setProperties(toStruct(error.state));
  failed.setReasonsList([error.message, ...error.reasons]);
  if (error.inputs) failed.setInputs(toStruct(error.inputs));

  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.addDetails(detail);
  return Buffer.from(status.serializeBinary());
}
