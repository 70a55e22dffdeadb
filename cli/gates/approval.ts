import type { GateContext } from "./context";
import { unanswered, type Verdict } from "./verdict";

/**
 * Enough people beside the one who commits must agree: either the branch demands reviews before the merge, or they
 * are named and recorded in the commit.
 */
export function judgeApproval(
  environment: string,
  wanted: number,
  approvers: readonly string[],
  committer: string,
  requiredReviews: number | undefined,
): Verdict {
  const verdict = { gate: "approval", subject: environment };
  if (requiredReviews !== undefined && requiredReviews >= wanted) {
    return {
      ...verdict,
      passed: true,
      reason: `the pull request needs ${requiredReviews} review(s) before it is merged`,
    };
  }
  const others = [...new Set(approvers)].filter(
    (name) => !committer.toLowerCase().includes(name.toLowerCase()),
  );
  const passed = others.length >= wanted;
  const named =
    others.length > 0 ? `approved by ${others.join(", ")}` : "approved by nobody but the committer";
  const hint = passed
    ? ""
    : `; ${wanted} needed: name them with --approved-by, or demand reviews in the branch's rules`;
  return { ...verdict, passed, reason: named + hint };
}

export async function approvalGate(context: GateContext): Promise<Verdict[]> {
  const { approvals } = context.gates;
  if (approvals === 0) return [];
  const { approvers, committer, requiredReviews } = context.approval;
  try {
    return [judgeApproval(context.to, approvals, approvers, committer, await requiredReviews?.())];
  } catch (error) {
    return [unanswered("approval", context.to, error)];
  }
}
