import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { toServiceError } from "./failures";

type UnaryName =
  | "getSchema"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "invoke"
  | "check"
  | "diff"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "construct"
  | "cancel"
  | "getPluginInfo";

type Unary = {
  [Method in UnaryName]: IResourceProviderServer[Method] extends grpc.handleUnaryCall<
    infer Request,
    infer Response
  >
    ? (request: Request) => Promise<Response>
    : never;
};

/** The calls of the provider service that a plugin answers; the engine is told that it lacks the others. */
export type ProviderMethods = Partial<Unary>;

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** The address of the engine, which starts a plugin with its own flags and this one argument. */
export function engineAddress(argv: string[]): string | undefined {
  return argv.filter((argument) => !argument.startsWith("-")).at(-1);
}

/** Serves the plugin on a free loopback port and says which one, as the engine expects of a plugin. */
export async function serve(methods: ProviderMethods): Promise<void> {
  const server = new grpc.Server(unlimited);
  server.addService(ResourceProviderService, implementation(methods));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  exitWithParent();
  process.stdout.write(`${port}\n`);
}

function implementation(methods: ProviderMethods): grpc.UntypedServiceImplementation {
  const handlers = Object.entries(methods).map(([name, method]) => {
    const answer = method as (request: unknown) => Promise<unknown>;
    const handler: grpc.handleUnaryCall<unknown, unknown> = (call, callback) => {
      answer(call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
    };
    return [name, handler] as const;
  });
  return Object.fromEntries(handlers);
}

/** An engine that was killed cannot stop its plugins, so they look after themselves. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}
