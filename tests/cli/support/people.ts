import { RefusedError } from "../../../cli/errors";
import { deliver, type Change } from "../../../cli/promotion/deliver";
import { readImages } from "../../../cli/promotion/overlay";
import {
  planPromotion,
  requireSamePlan,
  sameServices,
  type PromotionPlan,
} from "../../../cli/promotion/plan";
import { parseSettings } from "../../../cli/settings";

const settings = `environments:
  dev: { clusters: { hub: dev } }
  staging: { clusters: { hub: staging } }
  production: { clusters: { hub: production } }
`;

interface PlannedChange extends Change {
  readonly plan: PromotionPlan;
}

export type Outcome = "pushed" | "nothing" | "refused";

/**
 * Somebody who promotes services from dev to staging by the same steps as the command, with gates that all pass.
 *
 * @param pause awaited before planning, before the gates and before confirming: whatever others do, they do there.
 */
export async function promoteAs(
  cwd: string,
  services: readonly string[],
  pause: (step: string) => Promise<void>,
): Promise<Outcome> {
  const request = { from: "dev", to: "staging", services } as const;
  try {
    const delivered = await deliver<PlannedChange>(
      {
        async plan(base, agreed) {
          await pause("plan");
          const images = await readImages(cwd, base);
          const plan = planPromotion(images, agreed ? { ...request, ...sameServices(agreed.plan) } : request);
          if (agreed) requireSamePlan(agreed.plan, plan);
          if (plan.changes.length === 0) return undefined;
          const message = { subject: `promote: ${services.join(", ")}`, changes: plan.changes, trailers: [] };
          return { plan, files: plan.changes, message, head: "promotion", labels: [] };
        },
        async judge() {
          await pause("gates");
          return [];
        },
        present: (_, gates) => ({ title: "", changes: [], gates }),
        async confirm() {
          await pause("confirm");
          return true;
        },
      },
      { cwd, settings: parseSettings(settings), github: undefined, dryRun: false, show() {} },
    );
    return delivered.kind === "nothing" ? "nothing" : "pushed";
  } catch (error) {
    if (error instanceof RefusedError) return "refused";
    throw error;
  }
}
