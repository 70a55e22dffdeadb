import { CustomObjectsApi } from "@kubernetes/client-node";
import { z } from "zod";
import type { EnvironmentSettings } from "../settings";
import type { Application } from "./application";
import { connect, describeApiError } from "./connection";

/** https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
const rolloutSchema = z.object({
  spec: z.object({
    strategy: z.object({ canary: z.object({ steps: z.array(z.unknown()).default([]) }).optional() }),
  }),
  status: z
    .object({
      currentStepIndex: z.number().optional(),
      abort: z.boolean().default(false),
      phase: z.string().default(""),
      message: z.string().default(""),
      pauseConditions: z.array(z.object({ reason: z.string() })).nullish(),
    })
    .prefault({}),
});

/** How the description of a Rollout begins whose canary was aborted. */
export const aborted = "aborted";

/** What is said of a Rollout whose analysis could decide nothing. */
export const inconclusive = "its analysis was inconclusive";

/** The controller's own sentence, without the part that says what an abort is. */
function reasonOf(message: string): string {
  return message.replace(
    /^RolloutAborted: Rollout aborted update to revision \d+(: )?(Step-based analysis phase error\/failed: )?/,
    "",
  );
}

/** Where a Rollout stands, as people say it: `step 2 of 5, Paused`. */
export function describeRollout(object: unknown): string {
  const parsed = rolloutSchema.safeParse(object);
  if (!parsed.success) return "unreadable";
  const { spec, status } = parsed.data;
  if (status.abort) return [aborted, reasonOf(status.message)].filter(Boolean).join(": ");
  const steps = spec.strategy.canary?.steps.length ?? 0;
  const at = status.currentStepIndex;
  if (steps === 0 || at === undefined || at >= steps) return status.phase || "unknown";
  const undecided = status.pauseConditions?.some(({ reason }) => reason === "InconclusiveAnalysisRun");
  const parts = [`step ${at + 1} of ${steps}`, status.phase, undecided ? inconclusive : ""];
  return parts.filter(Boolean).join(", ");
}

/** The step of an Application's Rollout; undefined where it has none, and the reason where the cluster cannot be read. */
export async function readRolloutStep(
  settings: EnvironmentSettings,
  application: Application,
): Promise<string | undefined> {
  const [rollout] = application.rollouts;
  if (!rollout) return undefined;
  const { clusters } = settings;
  const isHub = application.destination.server === "https://kubernetes.default.svc";
  const context = clusters.contexts[application.cluster] ?? (isHub ? clusters.hub : undefined);
  if (!context) return "no context";
  try {
    const api = connect({ kubeconfig: clusters.kubeconfig, context }).makeApiClient(CustomObjectsApi);
    const { name, namespace } = rollout;
    return describeRollout(
      await api.getNamespacedCustomObject({
        group: "argoproj.io",
        version: "v1alpha1",
        plural: "rollouts",
        namespace,
        name,
      }),
    );
  } catch (error) {
    return `unreadable: ${describeApiError(error)}`;
  }
}
