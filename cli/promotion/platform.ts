import { connectArgoCd } from "../cluster/argo-cd";
import { listControllers } from "../cluster/installed-charts";
import { approvalGate } from "../gates/approval";
import { judgeCharts } from "../gates/charts";
import { deployedGate } from "../gates/deployed";
import { metricsGate } from "../gates/metrics";
import { runGates } from "../gates/run";
import { unanswered, type Verdict } from "../gates/verdict";
import { windowGate } from "../gates/window";
import { CliError, RefusedError } from "../errors";
import { committer, readFileAt } from "../git";
import { deliver, type Change, type Delivered } from "./deliver";
import { readImages } from "./overlay";
import { requireOrder } from "./plan";
import type { PromoteOptions } from "./promote";
import { readVersions, replaceVersions, type Versions } from "./versions-key";
import type { Environment } from "../../config/environment";

interface PlatformChange extends Change {
  readonly versions: Versions;
  readonly changes: readonly VersionChange[];
}

function stackFile(environment: Environment): string {
  return `Pulumi.${environment}.yaml`;
}

interface VersionChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What differs, by chart, and the policy pack at the end. */
function compareVersions(before: Versions | undefined, after: Versions): VersionChange[] {
  const charts = [...new Set([...Object.keys(after.charts), ...Object.keys(before?.charts ?? {})])];
  const all = [
    ...charts.map((name) => ({ name, before: before?.charts[name], after: after.charts[name] })),
    { name: "policy", before: before?.policy, after: after.policy },
  ];
  return all
    .filter((version) => version.before !== version.after)
    .map((version) => ({
      name: version.name,
      before: version.before ?? "unset",
      after: version.after ?? "unset",
    }));
}

function versionsOrNone(text: string, path: string): Versions | undefined {
  return text.includes("gitops-platform:versions") ? readVersions(text, path) : undefined;
}

async function readStack(cwd: string, base: string, environment: Environment): Promise<string> {
  const text = await readFileAt(cwd, base, stackFile(environment));
  if (text === undefined) throw new CliError(`${stackFile(environment)} does not exist at the remote branch`);
  return text;
}

/** Carries the platform's own versions from one environment to the next; see docs/runbooks/promote-the-platform.md. */
export async function promotePlatform(
  options: Omit<PromoteOptions, "ready">,
): Promise<Delivered<PlatformChange>> {
  const { cwd, settings, github, request } = options;
  const { from, to } = request;
  requireOrder(from, to, request.skip);
  if (request.services.length > 0) throw new CliError("--platform carries no services; leave --service out");
  const [source, target] = [settings.environments[from], settings.environments[to]];
  return deliver<PlatformChange>(
    {
      async plan(base, agreed) {
        const [sourceText, targetText] = [await readStack(cwd, base, from), await readStack(cwd, base, to)];
        const versions = readVersions(sourceText, stackFile(from));
        const changes = compareVersions(versionsOrNone(targetText, stackFile(to)), versions);
        if (changes.length === 0) return undefined;
        const files = [{ path: stackFile(to), text: replaceVersions(targetText, versions, stackFile(to)) }];
        const trailers: [string, string][] = [
          ["Platform", `${from} -> ${to}`],
          ...changes.map(({ name, before, after }): [string, string] => [
            "Version",
            `${name}: ${before} -> ${after}`,
          ]),
        ];
        for (const approver of options.approvers) trailers.push(["Approved-by", approver]);
        if (options.emergency) trailers.push(["Emergency", options.emergency]);
        const change = {
          files,
          versions,
          changes,
          message: { subject: `promote: platform to ${to}`, changes: [], trailers },
          head: `promotion/${from}-to-${to}/platform`,
          labels: ["promotion", to],
        };
        if (agreed && JSON.stringify(agreed.message) !== JSON.stringify(change.message)) {
          throw new RefusedError(
            "Somebody changed the versions meanwhile; nothing was written. Run it again.",
          );
        }
        return change;
      },
      async judge({ versions }, base, tree): Promise<Verdict[]> {
        const services = (await readImages(cwd, base, [from])).get(from)!;
        const charts = listControllers(source).then(
          (controllers) => judgeCharts(versions, controllers, target.gates.soak, new Date()),
          (error: unknown) => [unanswered("charts", from, error)],
        );
        const others = runGates([deployedGate, metricsGate, windowGate, approvalGate], {
          cwd,
          base,
          tree,
          from,
          to,
          candidates: [...services].map(([service, { image }]) => ({ service, image })),
          gates: target.gates,
          source: connectArgoCd(from, source),
          target: connectArgoCd(to, target),
          approval: {
            approvers: options.approvers,
            committer: await committer(cwd),
            requiredReviews: github && (() => github.requiredReviews(settings.git.branch)),
          },
          now: new Date(),
        });
        return (await Promise.all([charts, others])).flat();
      },
      present: ({ changes }, gates) => ({
        title: `Promotion of the platform ${from} -> ${to}`,
        changes: changes.map((change) => ({ ...change, commits: [], compare: undefined })),
        gates,
      }),
      confirm: options.confirm,
    },
    options,
  );
}
