import { z } from "zod";
import { CliError } from "../errors";

/** Says who froze an Application, when, why and to which image; kept by the ApplicationSet's `preservedFields`. */
export const freezeAnnotation = "gitops-platform/freeze";

/** What the API server returns of an Application, as far as it is read here (Argo CD 3.2, `argoproj.io/v1alpha1`). */
const applicationSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    project: z.string(),
    destination: z.object({
      name: z.string().default(""),
      server: z.string().default(""),
      namespace: z.string().default(""),
    }),
    syncPolicy: z
      .object({
        automated: z.object({ enabled: z.boolean().default(true) }).optional(),
        syncOptions: z.array(z.string()).default([]),
      })
      .optional(),
  }),
  operation: z.unknown().optional(),
  status: z
    .object({
      sync: z.object({ status: z.string(), revision: z.string().optional() }).optional(),
      health: z
        .object({
          status: z.string().optional(),
          message: z.string().optional(),
          lastTransitionTime: z.coerce.date().optional(),
        })
        .optional(),
      summary: z.object({ images: z.array(z.string()).default([]) }).prefault({}),
      history: z
        .array(z.object({ revision: z.string().default(""), deployedAt: z.coerce.date() }))
        .default([]),
      conditions: z.array(z.object({ type: z.string(), message: z.string() })).default([]),
      operationState: z
        .object({
          phase: z.string(),
          message: z.string().default(""),
          startedAt: z.coerce.date().optional(),
          finishedAt: z.coerce.date().optional(),
          syncResult: z.object({ revision: z.string().default("") }).optional(),
        })
        .optional(),
      resources: z
        .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().default("") }))
        .default([]),
    })
    .prefault({}),
});

/** A service as Argo CD delivers it to one cluster. */
export interface Application {
  readonly name: string;
  readonly service: string;
  readonly cluster: string;
  readonly project: string;
  readonly destination: { readonly name: string; readonly server: string; readonly namespace: string };
  readonly syncOptions: readonly string[];
  /** `Synced`, `OutOfSync` or `Unknown`. */
  readonly sync: string;
  /** The commit with which the cluster was last compared. */
  readonly revision: string;
  /** `Healthy`, `Progressing`, `Degraded`, `Suspended`, `Missing` or `Unknown`. */
  readonly health: string;
  /** When the health last changed. */
  readonly healthSince: Date | undefined;
  /** The images of the pods that exist now. */
  readonly images: readonly string[];
  /** The syncs that succeeded, oldest first. */
  readonly history: readonly { readonly revision: string; readonly deployedAt: Date }[];
  readonly automated: boolean;
  /** Text of the freeze annotation; undefined where the Application is not frozen. */
  readonly freeze: string | undefined;
  /** An operation that was asked for and has not finished. */
  readonly operating: boolean;
  readonly lastOperation:
    | {
        readonly phase: string;
        readonly message: string;
        readonly revision: string;
        readonly startedAt: Date | undefined;
      }
    | undefined;
  /** Errors and warnings that Argo CD states. */
  readonly conditions: readonly string[];
  /** Rollouts among its resources. */
  readonly rollouts: readonly { readonly name: string; readonly namespace: string }[];
}

/** @throws CliError where the object is not what Argo CD writes; what cannot be read is never taken as healthy. */
export function readApplication(object: unknown): Application {
  const parsed = applicationSchema.safeParse(object);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CliError(
      `An Application has an unexpected shape at ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const { metadata, spec, status, operation } = parsed.data;
  const last = status.operationState;
  return {
    name: metadata.name,
    service: metadata.labels["service"] ?? "",
    cluster: metadata.labels["cluster"] ?? spec.destination.name,
    project: spec.project,
    destination: spec.destination,
    syncOptions: spec.syncPolicy?.syncOptions ?? [],
    sync: status.sync?.status ?? "Unknown",
    revision: status.sync?.revision ?? "",
    health: status.health?.status ?? "Unknown",
    healthSince: status.health?.lastTransitionTime,
    images: status.summary.images,
    history: status.history,
    automated: spec.syncPolicy?.automated?.enabled ?? false,
    freeze: metadata.annotations[freezeAnnotation],
    operating: operation !== undefined && operation !== null,
    lastOperation: last && {
      phase: last.phase,
      message: last.message,
      revision: last.syncResult?.revision ?? "",
      startedAt: last.startedAt,
    },
    conditions: status.conditions.map(({ type, message }) => `${type}: ${message}`),
    rollouts: status.resources.filter(({ kind }) => kind === "Rollout"),
  };
}
