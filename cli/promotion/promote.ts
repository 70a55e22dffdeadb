import { createHash } from "node:crypto";
import { connectArgoCd } from "../cluster/argo-cd";
import { promotionGates, runGates } from "../gates/run";
import type { Verdict } from "../gates/verdict";
import { committer } from "../git";
import { fillTemplate, type Settings } from "../settings";
import { deliver, type Change, type Delivered, type DeliveryOptions } from "./deliver";
import { recordHealth } from "./health-record";
import { formatVerdict } from "./commit-message";
import { introduction, readHistory, versionsSince, type ImageVersion } from "./history";
import { imageVersion } from "./image";
import { readImages } from "./overlay";
import { presentCommit, type Presentation } from "./presentation";
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
  /** Promote the services that every gate lets pass, and leave the others for later. */
  readonly ready: boolean;
  readonly confirm: () => Promise<boolean>;
  readonly print: (line: string) => void;
}

export interface PromotionChange extends Change {
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

function present(settings: Settings, change: PromotionChange, gates: readonly Verdict[]): Presentation {
  const { from, to, changes } = change.plan;
  return {
    title: `Promotion ${from} -> ${to}`,
    changes: changes.map(({ service, before, after }) => ({
      name: service,
      before: imageVersion(before),
      after: imageVersion(after),
      commits: versionsSince(change.histories.get(service) ?? [], before).map(presentCommit),
      compare:
        settings.compare && fillTemplate(settings.compare, { service, old: before.tag, new: after.tag }),
    })),
    gates,
  };
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
  const held = new Set<string>();
  const leaveOut = ({ plan }: PromotionChange, verdicts: readonly Verdict[]): boolean => {
    const refused = verdicts.filter(({ passed }) => !passed);
    const services = plan.changes.map(({ service }) => service);
    const ofServices = refused.filter(({ subject }) => services.includes(subject));
    const left = services.filter((service) => !ofServices.some(({ subject }) => subject === service));
    // What an environment as a whole is refused, no service of it can be spared.
    if (ofServices.length < refused.length || refused.length === 0 || left.length === 0) return false;
    for (const verdict of ofServices) print(`Left for later: ${formatVerdict(verdict)}`);
    ofServices.forEach(({ subject }) => held.add(subject));
    return true;
  };
  const delivered = await deliver<PromotionChange>(
    {
      async plan(base, agreed) {
        const images = await readImages(cwd, base, [request.from, request.to]);
        const wanted = { ...request, without: held };
        const plan = planPromotion(images, agreed ? { ...wanted, ...sameServices(agreed.plan) } : wanted);
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
          labels: ["promotion", plan.to],
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
      leaveOut: (change, verdicts) => options.ready && leaveOut(change, verdicts),
      present: (change, verdicts) => present(settings, change, verdicts),
      confirm: options.confirm,
    },
    options,
  );
  if (delivered.kind === "pushed" || delivered.kind === "proposed") {
    await recordSource(cwd, settings.git.remote, delivered.change);
  }
  return delivered;
}
