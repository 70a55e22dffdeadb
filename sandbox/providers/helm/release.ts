import type * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Session } from "../kubernetes/session";

export const releaseType = "kubernetes:helm.sh/v3:Release";
const todo = async (): Promise<never> => {
  throw new Error("helm.sh/v3:Release is not served yet");
};
export const checkRelease: (session: Session, request: rpc.CheckRequest) => Promise<rpc.CheckResponse> = todo;
export const diffRelease: (session: Session, request: rpc.DiffRequest) => Promise<rpc.DiffResponse> = todo;
export const createRelease: (session: Session, request: rpc.CreateRequest) => Promise<rpc.CreateResponse> =
  todo;
export const readRelease: (session: Session, request: rpc.ReadRequest) => Promise<rpc.ReadResponse> = todo;
export const updateRelease: (session: Session, request: rpc.UpdateRequest) => Promise<rpc.UpdateResponse> =
  todo;
export const deleteRelease: (session: Session, request: rpc.DeleteRequest) => Promise<Empty> = todo;
