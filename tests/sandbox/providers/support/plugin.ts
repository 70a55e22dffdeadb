import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";

const executables = resolve(__dirname, "../../../../sandbox/providers/bin");

type Name =
  "getPluginInfo" | "configure" | "check" | "diff" | "create" | "read" | "update" | "delete" | "construct";
type Call<N extends Name> =
  IResourceProviderServer[N] extends grpc.handleUnaryCall<infer Request, infer Response>
    ? { request: Request; response: Response }
    : never;

/** A plugin, started as the engine starts it. */
export class Plugin {
  private constructor(
    readonly process: ChildProcess,
    readonly client: ResourceProviderClient,
  ) {}

  static async start(name: string): Promise<Plugin> {
    const child = spawn(join(executables, `pulumi-resource-${name}`), ["127.0.0.1:1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const address = `127.0.0.1:${line.toString("utf8").trim()}`;
    return new Plugin(child, new ResourceProviderClient(address, grpc.credentials.createInsecure()));
  }

  /** Makes one call of the provider service. */
  call<N extends Name>(name: N, request: Call<N>["request"]): Promise<Call<N>["response"]> {
    const method = this.client[name].bind(this.client) as (
      request: Call<N>["request"],
      answer: (error: grpc.ServiceError | null, response: Call<N>["response"]) => void,
    ) => unknown;
    return new Promise((resolve, reject) => {
      method(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  stop(): void {
    this.client.close();
    this.process.kill();
  }
}
