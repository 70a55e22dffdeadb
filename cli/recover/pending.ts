import { z } from "zod";
import { CliError } from "../errors";

const operationSchema = z.looseObject({
  type: z.string(),
  resource: z.looseObject({
    urn: z.string(),
    type: z.string(),
    provider: z.string().optional(),
    inputs: z
      .looseObject({
        apiVersion: z.string().optional(),
        kind: z.string().optional(),
        name: z.unknown().optional(),
        namespace: z.unknown().optional(),
        metadata: z
          .looseObject({ name: z.string().optional(), namespace: z.string().optional() })
          .optional()
          // A metadata that is secret as a whole names nothing.
          .catch(undefined),
      })
      .optional(),
  }),
});

const exportSchema = z.object({
  deployment: z.object({ pending_operations: z.array(operationSchema).nullish() }).nullish(),
});

/** An operation that was under way when the engine was killed, as the state records it. */
export type PendingOperation = z.output<typeof operationSchema>;

/**
 * @param state the output of `pulumi stack export`.
 * @throws CliError where it is none; a state that cannot be read has no known operations.
 */
export function readPendingOperations(state: string): PendingOperation[] {
  let parsed;
  try {
    parsed = exportSchema.safeParse(JSON.parse(state));
  } catch {
    throw new CliError("pulumi stack export did not answer with JSON");
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CliError(`The exported state has an unexpected shape at ${issue?.path.join(".")}`);
  }
  return parsed.data.deployment?.pending_operations ?? [];
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** What a pending creation would have made. */
export type Target =
  /** A Kubernetes object. */
  | {
      readonly kind: "object";
      /** Name of the cluster in the stack. */
      readonly cluster: string;
      readonly apiVersion: string;
      readonly objectKind: string;
      readonly name: string;
      readonly namespace: string | undefined;
    }
  /** A Helm release, whose state Helm keeps in Secrets. */
  | { readonly kind: "release"; readonly cluster: string; readonly name: string; readonly namespace: string }
  /** Something that exists in the state alone, so that nothing can be left behind: a random value, a component. */
  | { readonly kind: "nothing" }
  /** Something that cannot be found again by what the state says of it. */
  | { readonly kind: "unknown"; readonly reason: string };

/** The stack names every provider after its cluster: `urn:...::<cluster>::<id>`. */
function clusterOf(provider: string | undefined): string {
  return provider?.split("::").at(-2) ?? "";
}

export function targetOf({ resource }: PendingOperation): Target {
  const { type, inputs, provider } = resource;
  if (type.startsWith("random:") || type.startsWith("pulumi:") || type.startsWith("platform:")) {
    return { kind: "nothing" };
  }
  const cluster = clusterOf(provider);
  if (type === releaseType) {
    const { name, namespace } = inputs ?? {};
    return typeof name === "string" && typeof namespace === "string"
      ? { kind: "release", cluster, name, namespace }
      : { kind: "unknown", reason: "the release has no fixed name" };
  }
  if (!type.startsWith("kubernetes:"))
    return { kind: "unknown", reason: `${type} is not a kind of this program` };
  const { apiVersion, kind, metadata } = inputs ?? {};
  return apiVersion && kind && metadata?.name
    ? {
        kind: "object",
        cluster,
        apiVersion,
        objectKind: kind,
        name: metadata.name,
        namespace: metadata.namespace,
      }
    : { kind: "unknown", reason: "the state does not name the object" };
}

/** The identifier under which the Kubernetes provider keeps an object or a release. */
export function providerId(target: {
  readonly name: string;
  readonly namespace?: string | undefined;
}): string {
  return target.namespace ? `${target.namespace}/${target.name}` : target.name;
}
