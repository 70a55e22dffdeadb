import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as services from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { KubernetesObject } from "../../policy-pack/rule";

export const packFolder = join(__dirname, "..", "..", "policy-pack");

/** A resource as the engine shows it to a policy pack. */
export interface EngineResource {
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  /** The option additionalSecretOutputs. */
  readonly secretOutputs?: readonly string[];
  /** Name of the provider; omitted, the engine names none. */
  readonly provider?: string;
}

/** What the pack said about a resource. */
export interface Diagnostic {
  readonly policy: string;
  readonly message: string;
  readonly isMandatory: boolean;
}

/** The resource that Pulumi would register for a Kubernetes object. */
export function resourceOf(
  object: KubernetesObject,
  settings: Omit<EngineResource, "type" | "name" | "properties">,
): EngineResource {
  const group = (object.apiVersion ?? "").includes("/") ? object.apiVersion! : `core/${object.apiVersion}`;
  const { apiVersion, kind, ...properties } = object;
  return {
    ...settings,
    type: `kubernetes:${group}:${kind}`,
    name: object.metadata?.name ?? "x",
    properties: { apiVersion, kind, ...properties },
  };
}

/** A policy pack that runs as the engine runs it: a process that is spoken to by its protocol. */
export class PulumiPack {
  private constructor(
    private readonly process: ChildProcess,
    private readonly client: services.AnalyzerClient,
    private readonly stack: string,
  ) {}

  /** Starts the pack for a stack; rejects with what it printed when it ends instead. */
  static async start(stack: string, folder = packFolder): Promise<PulumiPack> {
    const child = spawn(process.execPath, ["main.cjs"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const port = once(createInterface(child.stdout), "line").then(([line]) => String(line));
    const end = once(child, "exit").then(([code]) => {
      throw new Error(`the pack ended with ${String(code)}: ${errors}`);
    });
    const client = new services.AnalyzerClient(
      `127.0.0.1:${await Promise.race([port, end])}`,
      credentials.createInsecure(),
    );
    end.catch(() => undefined);
    return new PulumiPack(child, client, stack);
  }

  stop(): void {
    this.client.close();
    this.process.kill();
  }

  /** Overrides levels, as `--policy-pack-config` does. */
  async configure(levels: Readonly<Record<string, messages.EnforcementLevel>>): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [policy, level] of Object.entries(levels)) {
      const config = new messages.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(Struct.fromJavaScript({}));
      request.getPolicyconfigMap().set(policy, config);
    }
    await new Promise((resolve, reject) =>
      this.client.configure(request, (error: Error | null) => (error ? reject(error) : resolve(undefined))),
    );
  }

  private urn({ type, name }: EngineResource): string {
    return `urn:pulumi:${this.stack}::gitops-platform::${type}::${name}`;
  }

  private options({ protect = false, secretOutputs = [] }: EngineResource): messages.AnalyzerResourceOptions {
    const options = new messages.AnalyzerResourceOptions();
    options.setProtect(protect);
    options.setAdditionalsecretoutputsList([...secretOutputs]);
    return options;
  }

  private providerOf(resource: EngineResource): messages.AnalyzerProviderResource | undefined {
    if (resource.provider === undefined) return undefined;
    const provider = new messages.AnalyzerProviderResource();
    provider.setType("pulumi:providers:kubernetes");
    provider.setName(resource.provider);
    provider.setProperties(Struct.fromJavaScript({}));
    return provider;
  }

  private requestFor(resource: EngineResource): messages.AnalyzeRequest {
    const request = new messages.AnalyzeRequest();
    request.setType(resource.type);
    request.setName(resource.name);
    request.setUrn(this.urn(resource));
    request.setProperties(Struct.fromJavaScript(resource.properties as Record<string, JavaScriptValue>));
    request.setOptions(this.options(resource));
    request.setProvider(this.providerOf(resource));
    return request;
  }

  /** What the pack says before a resource is registered. */
  async analyze(resource: EngineResource): Promise<Diagnostic[]> {
    return this.diagnostics((done) => this.client.analyze(this.requestFor(resource), done));
  }

  /** What the pack changes before it is asked; the policies that changed something, with the properties after each. */
  async remediate(resource: EngineResource): Promise<{ policy: string; properties: unknown }[]> {
    const response = await new Promise<messages.RemediateResponse>((resolve, reject) => {
      this.client.remediate(this.requestFor(resource), (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    return response.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      properties: remediation.getProperties()?.toJavaScript(),
    }));
  }

  /** What the pack says about all resources together, at the end of a preview and of an update. */
  async analyzeStack(resources: readonly EngineResource[]): Promise<Diagnostic[]> {
    const request = new messages.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map((resource) => {
        const message = new messages.AnalyzerResource();
        message.setType(resource.type);
        message.setName(resource.name);
        message.setUrn(this.urn(resource));
        message.setProperties(Struct.fromJavaScript(resource.properties as Record<string, JavaScriptValue>));
        message.setOptions(this.options(resource));
        message.setProvider(this.providerOf(resource));
        return message;
      }),
    );
    return this.diagnostics((done) => this.client.analyzeStack(request, done));
  }

  private async diagnostics(
    call: (done: (error: Error | null, response: messages.AnalyzeResponse) => void) => unknown,
  ): Promise<Diagnostic[]> {
    const response = await new Promise<messages.AnalyzeResponse>((resolve, reject) => {
      call((error, value) => (error ? reject(error) : resolve(value)));
    });
    return response.getDiagnosticsList().map((diagnostic) => ({
      policy: diagnostic.getPolicyname(),
      // The SDK puts the description of the policy in front.
      message: diagnostic.getMessage().split("\n").slice(1).join("\n") || diagnostic.getMessage(),
      isMandatory: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
    }));
  }
}
