import type { Environment } from "../../config/environment";
import type { ArgoCd } from "../cluster/argo-cd";
import type { Image } from "../promotion/image";
import type { Gates } from "../settings";

/** One service whose image is about to change. */
export interface Candidate {
  readonly service: string;
  /** The image that will be delivered. */
  readonly image: Image;
}

/** Everything that gates may ask. */
export interface GateContext {
  /** The clone in which history is read. */
  readonly cwd: string;
  /** The commit of the branch that the change starts from. */
  readonly base: string;
  /** A work tree in which the change is made already, not yet committed. */
  readonly tree: string;
  /** Where the evidence comes from; the target itself for a rollback. */
  readonly from: Environment;
  readonly to: Environment;
  readonly candidates: readonly Candidate[];
  /** The gates of the target. */
  readonly gates: Gates;
  readonly source: ArgoCd;
  readonly target: ArgoCd;
  readonly approval: {
    /** People named by --approved-by. */
    readonly approvers: readonly string[];
    readonly committer: string;
    /** How many reviews the pull request will need; undefined where the change is pushed without one. */
    readonly requiredReviews: (() => Promise<number>) | undefined;
  };
  readonly now: Date;
}
