import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";

/** A registered resource with the options that the public mocks leave out. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  readonly dependencies: readonly string[];
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** How many transforms the engine will apply to it and its children. */
  readonly transforms: number;
  /** Paths of inputs that the engine will keep secret. */
  readonly secretInputs: readonly string[];
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProvidersMap(): { entries(): Iterable<[string, string]> };
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getTransformsList(): unknown[];
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureKey = "4dabf18193072939515e22adb298388d";

function secretPaths(value: unknown, path = ""): string[] {
  if (value === null || typeof value !== "object") return [];
  if ((value as Record<string, unknown>)[signatureKey] === secretSignature) return [path];
  return Object.entries(value).flatMap(([key, entry]) => secretPaths(entry, path ? `${path}.${key}` : key));
}

/** Inputs as the provider reads them: without the envelopes of secrets. */
function opened(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(opened);
  const tree = value as Record<string, unknown>;
  if (tree[signatureKey] === secretSignature) return opened(tree["value"]);
  return Object.fromEntries(Object.entries(tree).map(([key, entry]) => [key, opened(entry)]));
}

function nameOf(urn: string): string {
  return urn.split("::").slice(2).join("::");
}

/** Runs a program against recording mocks and returns every resource that it registered. Any invoke is an error. */
export async function record(
  run: () => unknown,
  options: { environment?: string; config?: Record<string, unknown>; preview?: boolean } = {},
): Promise<Registered[]> {
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        inputs.set(`${args.type}::${args.name}`, args.inputs as Record<string, unknown>);
        const state =
          args.inputs["type"] === "kubernetes.io/service-account-token"
            ? { ...args.inputs, data: { token: Buffer.from(`token-of-${args.name}`).toString("base64") } }
            : args.type.includes("RandomPassword")
              ? { ...args.inputs, result: "generated-redis-password" }
              : args.inputs;
        return { id: `${args.name}-id`, state: state as Record<string, unknown> };
      },
      call: (args) => {
        throw new Error(`unexpected call of ${args.token}`);
      },
    },
    "gitops-platform",
    options.environment ?? "dev",
    options.preview ?? false,
  );
  // The mocks leave transforms out; the SDK only hands them to the engine, which the recorder stands for.
  (state as unknown as { getStore(): { supportsTransforms: boolean } }).getStore().supportsTransforms = true;
  const config = Object.entries(options.config ?? {});
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      config.map(([key, value]) => [
        `gitops-platform:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    config.filter(([key]) => key === "secrets").map(([key]) => `gitops-platform:${key}`),
  );

  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource: (request: RegisterRequest, callback: (...args: unknown[]) => void) => unknown;
    registerErrorHook: (request: unknown, callback: (error: null, reply: object) => void) => void;
  };
  // The SDK's mock monitor lacks this call, which resources with error hooks make.
  monitor.registerErrorHook = (_, callback) => callback(null, {});
  const requests: RegisterRequest[] = [];
  let pending = 0;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    pending += 1;
    return register(request, (...args: unknown[]) => {
      pending -= 1;
      callback(...args);
    });
  };

  await run();
  // Registrations trigger further ones; the program has settled when several turns bring nothing new.
  for (
    let quiet = 0, seen = -1;
    quiet < 20;
    quiet = pending === 0 && seen === requests.length ? quiet + 1 : 0
  ) {
    seen = requests.length;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  return requests.map((request) => {
    const type = request.getType();
    const name = request.getName();
    return {
      type,
      name,
      inputs: opened(inputs.get(`${type}::${name}`) ?? {}) as Record<string, unknown>,
      parent: nameOf(request.getParent()),
      dependencies: request.getDependenciesList().map(nameOf),
      provider: nameOf(
        request.getProvider() || [...request.getProvidersMap().entries()].map(([, urn]) => urn).join(),
      ),
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      transforms: request.getTransformsList().length,
      secretInputs: secretPaths(request.getObject()?.toJavaScript() ?? {}),
    };
  });
}

/** The one registered resource of this type and name. */
export function find(resources: readonly Registered[], type: string, name: string): Registered {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  if (found.length !== 1) {
    const known = resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
    throw new Error(`${found.length} resources are ${type} "${name}"; registered are:\n  ${known}`);
  }
  return found[0]!;
}
