import { createHash } from "node:crypto";
import { connectArgoCd } from "../cluster/argo-cd";
import { promotionGates, runGates } from "../gates/run";
import type { Verdict } from "../gates/verdict";
import { committer } from "../git";
import { fillTemplate, type Settings } from "../settings";
import { formatVerdict } from "./commit-message";
import { deliver, type Change, type Delivered, type DeliveryOptions } from "./deliver";
import { recordHealth } from "./health-record";
import { introduction, readHistory, versionsSince, type ImageVersion } from "./history";
import { imageVersion } from "./image";
import { readImages } from "./overlay";
import {
  planPromotion,
  requireSamePlan,
  sameServices,
  type PromotionPlan,
  type PromotionRequest,
} from "./plan";

export interface PromoteOptions extends DeliveryOptions {
  readonly request: PromotionRequest;
  readonly approvers: readonly string[];
  /** Why an environment is skipped. */
  readonly emergency?: string | undefined;
  readonly confirm: () => Promise<boolean>;
  readonly print: (line: string) => void;
}

interface PromotionChange extends Change {
  readonly plan: PromotionPlan;
  readonly histories: ReadonlyMap<string, readonly ImageVersion[]>;
}

/** The same services to the same environment have the same branch, so that a pull request is found again. */
function branchOf({ to, from }: PromotionPlan, services: readonly string[]): string {
  if (services.length === 0) return `promotion/${from}-to-${to}`;
  const names = [...new Set(services)].sort().join("+");
  const short = names.length <= 60 ? names : createHash("sha256").update(names).digest("hex").slice(0, 16);
  return `promotion/${from}-to-${to}/${short}`;
}

function subjectOf({ to, changes }: PromotionPlan): string {
  const [first] = changes;
  const what = changes.length === 1 ? `${first!.service} ${first!.after.tag}` : `${changes.length} services`;
  return `promote: ${what} to ${to}`;
}

function showChange(settings: Settings, change: PromotionChange): string[] {
  return change.plan.changes.flatMap(({ service, before, after }) => {
    const between = versionsSince(change.histories.get(service) ?? [], before);
    const values = { service, old: before.tag, new: after.tag };
    return [
      `  ${service}: ${imageVersion(before)} -> ${imageVersion(after)}`,
      ...between.map(
        ({ commit, time, subject }) =>
          `    ${commit.slice(0, 10)} ${time.toISOString().slice(0, 10)} ${subject}`,
      ),
      ...(settings.compare ? [`    ${fillTemplate(settings.compare, values)}`] : []),
    ];
  });
}

/** The introductions of the images that the gate has just found healthy in the source. */
async function recordSource(cwd: string, remote: string, change: PromotionChange): Promise<void> {
  const { from, changes } = change.plan;
  const records = changes.flatMap(({ service }) => {
    const version = introduction(change.histories.get(service) ?? []);
    return version ? [{ environment: from, service, commit: version.commit }] : [];
  });
  await recordHealth(cwd, remote, records);
}

/** Carries images from one environment to the next; see docs/runbooks/promote.md. */
export async function promote(options: PromoteOptions): Promise<Delivered<PromotionChange>> {
  const { cwd, settings, github, request, print } = options;
  const target = settings.environments[request.to];
  const argoCds = {
    source: connectArgoCd(request.from, settings.environments[request.from]),
    target: connectArgoCd(request.to, target),
  };
  const delivered = await deliver<PromotionChange>(
    {
      async plan(base, agreed) {
        const images = await readImages(cwd, base, [request.from, request.to]);
        const plan = planPromotion(images, agreed ? { ...request, ...sameServices(agreed.plan) } : request);
        if (agreed) requireSamePlan(agreed.plan, plan);
        for (const service of agreed ? [] : plan.absent)
          print(`${service} has no overlay in ${request.to}; left out.`);
        if (plan.changes.length === 0) return undefined;
        const trailers: [string, string][] = [["Promotion", `${plan.from} -> ${plan.to}`]];
        for (const approver of options.approvers) trailers.push(["Approved-by", approver]);
        if (options.emergency) trailers.push(["Emergency", options.emergency]);
        return {
          plan,
          histories: await readHistory(cwd, base, request.from),
          files: plan.changes,
          message: { subject: subjectOf(plan), changes: plan.changes, trailers },
          head: branchOf(plan, request.services),
        };
      },
      async judge({ plan }, base, tree): Promise<Verdict[]> {
        return runGates(promotionGates, {
          cwd,
          base,
          tree,
          from: plan.from,
          to: plan.to,
          candidates: plan.changes.map(({ service, after }) => ({ service, image: after })),
          gates: target.gates,
          ...argoCds,
          approval: {
            approvers: options.approvers,
            committer: await committer(cwd),
            requiredReviews: github && (() => github.requiredReviews(settings.git.branch)),
          },
          now: new Date(),
        });
      },
      show(change, verdicts) {
        print(`Promotion ${request.from} -> ${request.to}:`);
        showChange(settings, change).forEach(print);
        print("Gates:");
        verdicts.forEach((verdict) => print(`  ${formatVerdict(verdict)}`));
      },
      confirm: options.confirm,
    },
    options,
  );
  if (delivered.kind === "pushed" || delivered.kind === "proposed") {
    await recordSource(cwd, settings.git.remote, delivered.change);
  }
  return delivered;
}
