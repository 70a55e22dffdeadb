import { CustomObjectsApi } from "@kubernetes/client-node";
import { z } from "zod";
import type { EnvironmentSettings } from "../settings";
import type { Application } from "./application";
import { connect } from "./connection";

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
    })
    .prefault({}),
});

/** Where a Rollout stands, as people say it: `step 2 of 5, Paused`. */
export function describeRollout(object: unknown): string {
  const parsed = rolloutSchema.safeParse(object);
  if (!parsed.success) return "unreadable";
  const { spec, status } = parsed.data;
  if (status.abort) return "aborted";
  const steps = spec.strategy.canary?.steps.length ?? 0;
  const at = status.currentStepIndex;
  if (steps === 0 || at === undefined || at >= steps) return status.phase || "unknown";
  return `step ${at + 1} of ${steps}${status.phase ? `, ${status.phase}` : ""}`;
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
  } catch {
    return "unreadable";
  }
}
