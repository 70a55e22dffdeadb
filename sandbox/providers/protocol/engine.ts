import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const severities = { info: LogSeverity.INFO, warning: LogSeverity.WARNING } as const;

/** Where a plugin's messages to the user go. */
export interface Engine {
  /** A message that stays on the screen. */
  log(severity: keyof typeof severities, urn: string, message: string): void;
  /** A message that stands beside the resource until the next one replaces it. */
  status(urn: string, message: string): void;
}

export function connectEngine(address: string | undefined): Engine {
  if (address === undefined) return { log: () => undefined, status: () => undefined };
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  const send = (severity: LogSeverity, urn: string, message: string, ephemeral: boolean) => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that is lost must not fail the operation it tells of.
    client.log(request, () => undefined);
  };
  return {
    log: (severity, urn, message) => send(severities[severity], urn, message, false),
    status: (urn, message) => send(LogSeverity.INFO, urn, message, true),
  };
}
