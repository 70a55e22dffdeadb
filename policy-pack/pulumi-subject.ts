import type { PolicyProviderResource, PolicyResourceOptions } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { environments, isEnvironment, type Environment } from "../config/environment";
import { prepare } from "./evaluate";
import { fields } from "./fields";
import type { KubernetesObject, Subject } from "./rule";
import { guardUnknown } from "./unknown-value";

/** What the SDK tells of a resource before and after it has been registered. */
export interface PulumiResource {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly opts: PolicyResourceOptions;
  readonly provider?: PolicyProviderResource;
}

/** The SDK's own marks, which its types keep to themselves. */
const marks = proxy as unknown as Readonly<Record<string, string>>;
const unknownValues = new Set<unknown>(
  ["Boolean", "Number", "String", "Array", "Asset", "Archive", "Object"].map(
    (type) => marks[`unknown${type}Value`],
  ),
);

/** The plain properties behind the SDK's proxy, which would slow every rule down. */
function plain(props: Record<string, unknown>): Record<string, unknown> {
  const unwrapped = props[marks.getSpecialProxyTarget!] as Record<string, unknown> | undefined;
  return unwrapped ?? props;
}

function guarded(props: Record<string, unknown>): Record<string, unknown> {
  return guardUnknown(props, (value) => unknownValues.has(value)) as Record<string, unknown>;
}

/** The environment is the stack's name. */
export function environmentOf(urn: string): Environment {
  const stack = urn.split("::")[0]!.split(":").at(-1)!;
  if (isEnvironment(stack)) return stack;
  throw new Error(
    `the policy pack does not know the environment "${stack}"; name the stack ${environments.join(", ")}`,
  );
}

const kubernetesType = /^kubernetes:([^:]+):([^:]+)$/;

/** The Kubernetes object of a resource; a resource that is none appears under the group pulumi.com. */
function objectOf({ type, name }: PulumiResource, properties: Record<string, unknown>): KubernetesObject {
  const [, token, kind] = kubernetesType.exec(type) ?? [];
  const isHelm = token?.startsWith("helm.sh/");
  if (token === undefined || isHelm || token.startsWith("yaml/") || token.startsWith("kustomize/")) {
    return { apiVersion: "pulumi.com/v1", kind: type, metadata: { name }, spec: properties };
  }
  const apiVersion = token.replace(/^core\//, "");
  // Spreading would read, and with that refuse, values that are not known yet.
  return Object.defineProperties(
    { apiVersion, kind: kind!.replace(/Patch$/, "") },
    Object.getOwnPropertyDescriptors(properties),
  );
}

const known = new WeakMap<object, readonly Subject[]>();

/** What the rules judge of a resource: the object, or the items of a list. */
export function subjectsOf(resource: PulumiResource): readonly Subject[] {
  const properties = plain(resource.props);
  let subjects = known.get(properties);
  if (!subjects) {
    const { urn, opts, provider } = resource;
    const inputs = provider && fields(guarded(plain(provider.props)));
    const pulumi = {
      urn,
      protect: opts.protect,
      secretOutputs: opts.additionalSecretOutputs,
      ...(provider && inputs ? { provider: { name: provider.name, inputs } } : {}),
    };
    subjects = prepare([{ object: objectOf(resource, guarded(properties)), pulumi }]);
    known.set(properties, subjects);
  }
  return subjects;
}
